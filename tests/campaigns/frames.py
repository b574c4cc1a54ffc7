"""Feeds mutated frames to the parser for a while and tells how many a second.

python -m tests.campaigns.frames [--seconds 20] [--seed 0]
"""

import argparse
import random
import sys
import time

from tests.core.test_wire_fuzz import SENT, mutated, only_protocol_errors


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice, count, began = random.Random(options.seed), 0, time.process_time()
    while time.process_time() - began < options.seconds:
        only_protocol_errors(mutated(dice.choice(SENT), dice))
        count += 1
    rate = count / (time.process_time() - began)
    print(
        f"seed {options.seed}: {count:,} frames, {rate:,.0f} a second of processor time, 0 escaped"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
