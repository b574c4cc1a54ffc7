"""ComfyUI's `workflow`: the drawn form of a graph, turned into the form that is walked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.document.files.comfy import MOST_NODES

#: What the fields of a node mean, in their order; None: the choice what follows a run ('fixed').
_FIELDS: dict[str, tuple[str | None, ...]] = {
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "EmptyLatentImage": ("width", "height"),
    "EmptySD3LatentImage": ("width", "height"),
    "FluxGuidance": ("guidance",),
    "KSampler": ("seed", None, "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (None, "noise_seed", None, "steps", "cfg", "sampler_name", "scheduler"),
    "KSamplerSelect": ("sampler_name",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
    "RandomNoise": ("noise_seed", None),
    "SamplerCustom": (None, "noise_seed", None, "cfg"),
    "UNETLoader": ("unet_name",),
}


def graph_of(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Its nodes with named inputs; {} when it is no workflow. Never raises."""
    nodes, links = workflow.get("nodes"), workflow.get("links")
    if not isinstance(nodes, list) or not isinstance(links, list):
        return {}
    if max(len(nodes), len(links)) > MOST_NODES:
        return {}
    sources = {}
    for link in links:
        if (
            isinstance(link, list)
            and len(link) >= 5
            and all(type(each) is int for each in link[:5])
        ):
            sources[link[0]] = [str(link[1]), link[2]]
    graph: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, dict) and isinstance(node.get("type"), str):
            graph[str(node.get("id"))] = {
                "class_type": node["type"],
                "inputs": _inputs(node, sources),
            }
    return graph


def _inputs(node: Mapping[str, Any], sources: Mapping[int, list[Any]]) -> dict[str, Any]:
    values = node.get("widgets_values")
    names = _FIELDS.get(node["type"], ())
    found: dict[str, Any] = {}
    if isinstance(values, list):
        found = {name: value for name, value in zip(names, values, strict=False) if name}
    slots = node.get("inputs")
    for slot in slots if isinstance(slots, list) else ():
        link = slot.get("link") if isinstance(slot, dict) else None
        if isinstance(link, int) and link in sources and isinstance(slot.get("name"), str):
            found[slot["name"]] = sources[link]
    return found
