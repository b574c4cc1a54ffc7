import os
import socket
import subprocess
import sys
from pathlib import Path

import torch

from studio.training.starter import peers

ONE = """
import sys, torch
from pathlib import Path
from studio.training.starter import peers
from studio.training.starter.run import Run

torch.set_num_threads(1)
torch.manual_seed(0)
peers.join()
module = torch.nn.Linear(3, 1)
run = Run(Path(sys.argv[1]) / "checkpoint", {"line": module}, 1e-2, total=100, muon=True)
for step in range(4):
    torch.manual_seed(2 * step + peers.rank())
    run.learn(module(torch.randn(5, 3)).square().mean(), 5)
torch.save([run.seen, run.seconds, module.weight.detach()], Path(sys.argv[1]) / str(peers.rank()))
peers.part()
"""


def test_alone_nothing_is_averaged() -> None:
    gradient = torch.tensor([1.0, 2.0])
    assert peers.average([gradient], 3.0) == 3.0
    assert gradient.tolist() == [1.0, 2.0]
    assert (peers.rank(), peers.count()) == (0, 1)


def test_two_processes_stay_one_model_and_agree_on_the_time(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    company = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", ONE, str(tmp_path)],
            env={**os.environ, **company, "RANK": str(rank)},
            cwd=Path(__file__).parents[2],
        )
        for rank in range(2)
    ]
    assert [each.wait(120) for each in started] == [0, 0]
    first, second = (torch.load(tmp_path / str(rank), weights_only=True) for rank in range(2))
    assert first[0] == second[0] == 40
    assert first[1] == second[1]
    assert torch.equal(first[2], second[2])
