#!/usr/bin/env python3
"""Starts the server on a fresh database and plays the conformance kit against it.

    python3 conformance/play.py --kit ../shared/conformance --server target/debug/countersign-server

scope.json lists the flows and endpoints that are implemented: steps of other endpoints are left out
and counted. deviations.json declares differences that we want, each with its reason; every other
difference is printed. Exit status 0 when at least --min-percent of the steps are equal or explained.
"""

import argparse
import collections
import json
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS = 60
# Flow 18 prepares a request for each case. Those of other endpoints are counted, because numbers of
# cases stand in the recorded answers, but not made.
CHOOSE = """from kit import player, valid_requests

_request = valid_requests.ValidRequests.request


def request(self, path):
    if path in {endpoints}:
        return _request(self, path)
    self.count += 1
    raise player.FlowStopped("not in scope")


valid_requests.ValidRequests.request = request
"""


def parse_arguments():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kit", type=pathlib.Path, required=True, help="folder of the kit")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="countersign-server")
    parser.add_argument("--database", choices=("memory", "sqlite"), default="sqlite")
    parser.add_argument("--flow", nargs="+", help="only these flows (beginning of the name)")
    parser.add_argument("--min-percent", type=float, default=99.5)
    parser.add_argument("--report", type=pathlib.Path, help="keep the kit's report here")
    return parser.parse_args()


class Server:
    """The server as a process of its own, on a free port and fresh files."""

    def __init__(self, binary, database, folder):
        url = "memory:" if database == "memory" else f"sqlite:{folder / 'conformance.sqlite'}"
        credentials = folder / "credentials.json"
        command = [binary.resolve(), "--listen", "127.0.0.1:0", "--database", url]
        command += ["--credentials", credentials, "--log-level", "warn"]
        command += ["--master-key-file", folder / "master-key.json"]
        # The kit's receiver of callbacks is on this machine.
        command += ["--callback-network", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        lines = queue.Queue()

        def read():
            for line in self.process.stdout:
                lines.put(line)
            lines.put(None)

        threading.Thread(target=read, daemon=True).start()
        self.base = None
        while self.base is None:
            line = lines.get(timeout=START_SECONDS)
            if line is None:
                raise SystemExit("the server ended while starting")
            if line.startswith("listening on "):
                self.base = line.split()[2]
        integration = json.loads(credentials.read_text(encoding="utf-8"))["integration"]
        self.user, self.password = integration["token"], integration["secret"]

    def stop(self):
        """Asks it to end; true when it did so properly."""
        if self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60) == 0


def select(kit, scope, wanted, folder):
    """Copies of flows and recorded answers, without steps of other endpoints; how many those are."""
    flows, expected = folder / "flows", folder / "expected"
    flows.mkdir()
    expected.mkdir()
    left_out = 0
    for name in scope["flows"]:
        if wanted and not any(name.startswith(beginning) for beginning in wanted):
            continue
        source = (kit / "flows" / f"{name}.py").read_text(encoding="utf-8")
        if name.startswith("18"):
            source = CHOOSE.format(endpoints=set(scope["endpoints"])) + source
        (flows / f"{name}.py").write_text(source, encoding="utf-8")
        cases = kit / "flows" / f"{name}.cases.json"
        if cases.exists():
            chosen = json.loads(cases.read_text(encoding="utf-8"))
            if not name.startswith("18"):
                chosen = [case for case in chosen if case[0] in scope["endpoints"]]
            (flows / cases.name).write_text(json.dumps(chosen), encoding="utf-8")
        recorded = json.loads((kit / "expected" / f"{name}.json").read_text(encoding="utf-8"))
        steps = {
            step: answer
            for step, answer in recorded["steps"].items()
            if answer.get("path") is None or answer["path"] in scope["endpoints"]
        }
        left_out += len(recorded["steps"]) - len(steps)
        # Partial: steps without a recorded answer are played, but not judged.
        recorded.update(steps=steps, partial=True)
        (expected / f"{name}.json").write_text(json.dumps(recorded), encoding="utf-8")
    return left_out


def play(arguments, server, folder, report):
    """Runs the kit."""
    command = [sys.executable, arguments.kit / "run.py", "--base", server.base]
    # A secret may begin with a dash.
    command += [f"--user={server.user}", f"--password={server.password}"]
    command += ["--flows-dir", folder / "flows", "--expected", folder / "expected"]
    command += ["--deviations", HERE / "deviations.json"]
    command += ["--report", report, "--min-percent", "0"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads(report.read_text(encoding="utf-8"))["flows"]


def show(flows):
    """Counts by flow and every unexplained difference; (passed, all)."""
    columns = ("equal", "tolerated", "declared", "different", "not reached")
    total = collections.Counter()
    print(f"{'':<26}" + "".join(f"{column:>13}" for column in columns))
    for name, steps in flows.items():
        count = collections.Counter(step["outcome"] for step in steps)
        total += count
        print(f"{name:<26}" + "".join(f"{count[column]:>13}" for column in columns))
    print(f"{'all':<26}" + "".join(f"{total[column]:>13}" for column in columns))
    unreached = set()
    for name, steps in flows.items():
        for step in steps:
            differences = step.get("differences", [])
            if step["outcome"] == "different":
                print(f"  {name}: {step['step']}")
                for difference in differences[:4]:
                    print(f"      {difference[:240]}")
            elif step["outcome"] == "not reached" and (name, *differences) not in unreached:
                unreached.add((name, *differences))
                print(f"  {name}: not reached from '{step['step']}' on: {' '.join(differences)[:240]}")
    return sum(total[column] for column in columns[:3]), sum(total.values())


def main():
    """Entry point."""
    arguments = parse_arguments()
    scope = json.loads((HERE / "scope.json").read_text(encoding="utf-8"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-conformance-"))
    try:
        left_out = select(arguments.kit, scope, arguments.flow, folder)
        server = Server(arguments.server, arguments.database, folder)
        try:
            flows = play(arguments, server, folder, arguments.report or folder / "report.json")
        finally:
            stopped = server.stop()
    finally:
        shutil.rmtree(folder)
    passed, steps = show(flows)
    percent = 100.0 * passed / steps if steps else 0.0
    print(f"{arguments.database}: {percent:.2f} % of {steps} steps, at least {arguments.min_percent:g} % are asked")
    print(f"{left_out} steps of endpoints that are not implemented yet were left out")
    if not stopped:
        print("the server did not end properly")
    good = bool(steps) and percent >= arguments.min_percent and stopped
    # What differs within the limit is printed above and fails nothing.
    print(f"{passed} passed, {0 if good else max(steps - passed, 1)} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
