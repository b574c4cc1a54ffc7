"""ComfyUI's texts: its graph walked from the sampler up to prompts, numbers and model."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

#: A graph of nodes, each `{"class_type": ..., "inputs": {name: value or [node, slot]}}`.
Graph = Mapping[str, Any]

#: Larger graphs are not walked; artists' workflows have up to some hundred nodes.
MOST_NODES = 5000
_SAMPLERS = ("KSampler", "SamplerCustom", "KSamplerAdvanced", "SamplerCustomAdvanced")
_ENDS = ("SaveImage", "PreviewImage", "VAEDecode")
_TEXTS = ("text", "text_g", "text_l", "t5xxl", "clip_l", "string", "value", "prompt")
_MODELS = ("ckpt_name", "unet_name", "model_name")
#: By our names: what a node may call it.
_WHOLES = {"seed": ("seed", "noise_seed"), "steps": ("steps",)}
_NUMBERS = {"guidance": ("cfg", "guidance"), "strength": ("denoise",)}
#: Links that lead from a sampler to what it is told, in their order; not to its pictures.
_SETTINGS = ("noise", "sampler", "sigmas", "guider", "model", "seed", "steps", "cfg", "denoise")
_KEYS = {"euler_ancestral": "euler_a", "uni_pc": "unipc", "uni_pc_bh2": "unipc"}
_PLAIN = ("normal", "simple", "default")


def read(graph: Graph) -> tuple[dict[str, Any], int]:
    """The values that a graph tells, by the names of metadata.Recipe, and how many samplers it has.

    Never raises, whatever the graph is.
    """
    if len(graph) > MOST_NODES:
        return {}, 0
    samplers = [key for key in graph if _kind(graph, key).startswith(_SAMPLERS)]
    if not samplers:
        return {}, 0
    last = _last(graph, samplers)
    found: dict[str, Any] = {}
    for name, slot in (("prompt", "positive"), ("negative", "negative")):
        found[name] = _text(graph, last, slot)
    for name, keys in _WHOLES.items():
        found[name] = _scalar(graph, last, keys, (int,))
    for name, keys in _NUMBERS.items():
        found[name] = _scalar(graph, last, keys, (int, float))
    sampler = _scalar(graph, last, ("sampler_name",), (str,)) or ""
    found["sampler"] = _KEYS.get(sampler, sampler)
    schedule = _scalar(graph, last, ("scheduler",), (str,)) or ""
    found["schedule"] = "default" if schedule in _PLAIN else schedule
    found["model"] = _file_name(_scalar(graph, last, _MODELS, (str,)) or "")
    for name in ("width", "height"):
        found[name] = _scalar(graph, last, (name,), (int,), ("latent_image", "samples", "latent"))
    return {key: value for key, value in found.items() if value not in ("", None)}, len(samplers)


def _last(graph: Graph, samplers: list[str]) -> str:
    """The sampler whose picture is saved: the first one met on the way up from an end."""
    ends = [key for key in graph if _kind(graph, key).startswith(_ENDS)]
    for key in _upwards(graph, ends):
        if key in samplers:
            return key
    return samplers[-1]


def _upwards(graph: Graph, starts: list[str], only: tuple[str, ...] = ()) -> Iterator[str]:
    """Every node that those depend on, the nearest first; `only` names the links to follow."""
    waiting, seen = deque(starts), set(starts)
    while waiting:
        key = waiting.popleft()
        yield key
        for name, value in _inputs(graph, key).items():
            source = _source(value)
            follow = not only or name in only
            if follow and source in graph and source not in seen:
                seen.add(source)
                waiting.append(source)


def _text(graph: Graph, sampler: str, slot: str) -> str:
    """The words that reach a sampler's slot; several encoders on the way: the nearest one's."""
    start = _inputs(graph, sampler)
    if slot not in start:
        guider = _source(start.get("guider"))
        start = _inputs(graph, guider)
        if slot == "positive" and slot not in start:
            slot = "conditioning"
    first = _source(start.get(slot))
    if first not in graph:
        return ""
    for key in _upwards_conditioning(graph, first, slot):
        words = [_words(graph, key, name) for name in _TEXTS]
        whole = "\n".join(dict.fromkeys(each for each in words if each))
        if whole:
            return whole
    return ""


def _upwards_conditioning(graph: Graph, first: str, slot: str) -> Iterator[str]:
    """Nodes between encoder and sampler: those that have both sides keep to the same one."""
    waiting, seen = deque([first]), {first}
    while waiting:
        key = waiting.popleft()
        yield key
        inputs = _inputs(graph, key)
        both = "positive" in inputs and "negative" in inputs
        for name, value in inputs.items():
            if both and name in ("positive", "negative") and name != slot:
                continue
            source = _source(value)
            led = both or name.startswith("conditioning") or name in ("positive", "negative")
            if led and source in graph and source not in seen:
                seen.add(source)
                waiting.append(source)


def _words(graph: Graph, key: str, name: str) -> str:
    """A text entry, or that of the node it is linked to, some links far."""
    for _ in range(8):
        value = _inputs(graph, key).get(name)
        if isinstance(value, str):
            return value
        key = _source(value)
        if key not in graph:
            return ""
        inputs = _inputs(graph, key)
        name = next((each for each in _TEXTS if each in inputs), name)
    return ""


def _scalar(
    graph: Graph,
    sampler: str,
    names: tuple[str, ...],
    kinds: tuple[type, ...],
    links: tuple[str, ...] = _SETTINGS,
) -> Any:
    for key in _upwards(graph, [sampler], links):
        inputs = _inputs(graph, key)
        for name in names:
            value = inputs.get(name)
            if isinstance(value, kinds) and not isinstance(value, bool):
                return value
    return None


def _kind(graph: Graph, key: str) -> str:
    node = graph.get(key)
    kind = node.get("class_type") if isinstance(node, Mapping) else None
    return kind if isinstance(kind, str) else ""


def _inputs(graph: Graph, key: str) -> Mapping[str, Any]:
    node = graph.get(key)
    inputs = node.get("inputs") if isinstance(node, Mapping) else None
    return inputs if isinstance(inputs, Mapping) else {}


def _source(value: object) -> str:
    """The node that a link comes from."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int):
        return str(value[0])
    return ""


def _file_name(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix.lower() in ("safetensors", "ckpt", "gguf", "pt", "sft") else name
