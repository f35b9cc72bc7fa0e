"""Processes that need not import TensorFlow: forks of one that has imported it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reference import LEGACY

ROOT = Path(__file__).parents[1]

#: Code that runs the command line as `python -m gplinker_tf` does.
COMMAND_LINE = "from gplinker_tf.cli.app import main; main()"

#: Importing starts only NumPy's threads, which survive a fork, and nothing here runs TensorFlow, so
#: a fork is like a new process. The command line is not imported, since importing it loads plugins.
SERVER = """
import json, os, signal, sys
import gplinker_tf.training.trainer
from quick_graphs import trace_quickly

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    folder, code, arguments, cwd, environment = json.loads(line)
    if not os.fork():
        break
else:
    os._exit(0)

signal.signal(signal.SIGCHLD, signal.SIG_DFL)
if process := os.fork():
    with open(os.path.join(folder, "unfinished"), "w") as file:
        print(process, file=file)
    os.rename(file.name, os.path.join(folder, "process"))
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with open(file.name, "w") as file:
        print(status, file=file)
    os.rename(file.name, os.path.join(folder, "status"))
    os._exit(0)

signal.signal(signal.SIGINT, signal.default_int_handler)
for number, name in enumerate((os.devnull, f"{folder}/stdout", f"{folder}/stderr")):
    os.dup2(os.open(name, os.O_RDWR), number)
os.chdir(cwd)
os.environ.update(environment)
sys.stdin, sys.argv[1:] = open(0, closefd=False), arguments
trace_quickly()
exec(code, {"__name__": "__main__"})
"""


class Fork:
    """A process that was started: its id, its output and its exit status."""

    def __init__(self, folder):
        self.folder = folder
        self.pid = int(self._awaited("process", seconds=120))

    def _awaited(self, name, seconds):
        deadline = time.monotonic() + seconds
        while not (self.folder / name).exists():
            assert time.monotonic() < deadline, f"no {name} after {seconds} seconds"
            time.sleep(0.005)
        return (self.folder / name).read_text()

    @property
    def stdout(self):
        return self._output("stdout")

    @property
    def stderr(self):
        return self._output("stderr")

    def _output(self, name):
        # The output may end in the middle of a character.
        return (self.folder / name).read_text("utf-8", errors="replace")

    @property
    def ended(self):
        return (self.folder / "status").exists()

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)

    def wait(self, seconds=500):
        """Return the exit status; if a signal ended the process, the negative signal number."""
        return int(self._awaited("status", seconds))


class Forks:
    """A starter of code in forks of a process that has imported the package under one Keras."""

    def __init__(self, folder, legacy=LEGACY):
        if not hasattr(os, "fork"):
            pytest.skip("this system does not fork")
        self.folder = folder
        self.started = []
        keras = {"TF_USE_LEGACY_KERAS": str(int(legacy))}
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        self.server = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | keras | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"},
            encoding="utf-8",
        )

    def start(self, code, *arguments, cwd=ROOT, **environment):
        folder = self.folder / str(len(self.started))
        folder.mkdir()
        for name in ("stdout", "stderr"):
            (folder / name).touch()
        request = [str(folder), code, [*map(str, arguments)], str(cwd), environment]
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        self.started.append(Fork(folder))
        return self.started[-1]

    def run(self, code, *arguments, **where):
        """Run code, and return what it printed; fail if the code fails."""
        fork = self.start(code, *arguments, **where)
        assert fork.wait() == 0, fork.stdout + fork.stderr[-3000:]
        return fork.stdout

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for fork in self.started:
            if not fork.ended:  # its test failed
                fork.kill()
        self.server.stdin.close()
        self.server.wait()
