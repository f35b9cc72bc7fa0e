"""Every figure of docs/performance.md in one run on one machine.

    pip install -r benchmarks/requirements.txt
    pip install --no-deps bert4keras==0.11.5 bert4torch==0.6.2 torch4keras==0.3.4
    python -m benchmarks --data lic2019 --encoder zh-e5-small

Each library works in a process of its own; the processes take turns. A table is printed line by
line and written to OUTPUT/results.md and OUTPUT/results.csv; `--curves` adds curves.csv and two
plots. Close what else uses the machine: all figures together take about three quarters of an hour
on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tqdm import tqdm

from benchmarks import curves, report
from benchmarks.figures import FIGURES
from benchmarks.settings import Settings


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of LIC2019's files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of a BERT")
    parser.add_argument(
        "--run",
        type=Path,
        help="run folder trained with that encoder, for extraction; else one is trained briefly",
    )
    parser.add_argument(
        "--table",
        type=Path,
        help="folder of a `gplinker compare` with that encoder, for extraction beside CasRel; else "
        "that is left out",
    )
    parser.add_argument(
        "--only", nargs="+", choices=FIGURES, default=list(FIGURES), help="these figures only"
    )
    parser.add_argument("--curves", action="store_true", help="measure and draw the curves too")
    parser.add_argument("--turns", type=int, default=21, help="turns of each comparison")
    parser.add_argument("--output", type=Path, default=Path("build/benchmarks"))
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    output = arguments.output
    output.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        *(arguments.data, arguments.encoder, arguments.run, arguments.table),
        *(output, arguments.turns),
    )
    results = []
    bar = tqdm(arguments.only, unit=" figures")
    for name in bar:
        bar.set_postfix_str(name)
        for result in FIGURES[name](settings):
            results.append(result)
            bar.write(report.line(result))
            # After each, so that a run that is cut short leaves what it has measured.
            (output / "results.md").write_text(report.markdown(results) + "\n", "utf-8")
            report.write_csv(results, output / "results.csv")
    if arguments.curves:
        points = len(curves.SIDES) * sum(map(len, curves.AXES.values()))
        rows = list(tqdm(curves.measure(), "curves", points, unit=" points"))
        curves.write(rows, output / "curves.csv")
        curves.draw(rows, "milliseconds", "milliseconds", output / "time.png")
        curves.draw(rows, "peak_extra_mebibytes", "peak extra MiB", output / "memory.png")
    print(f"Written to {output}")


if __name__ == "__main__":
    main()
