"""The ready-to-use schedules: their commands exist with their options and run, and their files are what their readers take."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
import yaml

from attendance_lib.cli import attendance
from tests.reports.conftest import project_at

FOLDER = Path(__file__).parents[1] / "docs" / "schedules"
HOME, SCHOOL = "/srv/attendance-workbook", "params/my_school.yml"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
EVERY_DAY = "30 6 * * *"


def text_of(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def entries(name):
    """The lines of a crontab or a unit that are no comment, blank or heading."""
    return [line for line in text_of(name).splitlines() if line and not line.startswith(("#", "["))]


def unit(name):
    return dict(line.split("=", 1) for line in entries(name))


def workflow():
    return yaml.safe_load(text_of("ci-workflow.yml"))


def task():
    return ET.fromstring(text_of("attendance-due.xml"))


def shell_commands():
    """The commands as a shell is given them, each run from the project's folder: by file."""
    (_, line) = entries("attendance.cron")
    steps = workflow()["jobs"]["due"]["steps"]
    return [
        ("attendance.cron", line.removeprefix(f"{EVERY_DAY} ")),
        ("attendance-due.service", unit("attendance-due.service")["ExecStart"]),
        *(("ci-workflow.yml", step["run"]) for step in steps),
    ]


def documented_commands():
    blocks = re.findall(r"(?ms)^```bash\n(.*?)^```$", text_of("README.md"))
    return [("README.md", line) for block in blocks for line in block.splitlines()]


def one_line():
    """The line of the project's README that schedules it, and the entry that it adds to the crontab."""
    readme = (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    (line,) = (line for line in readme.splitlines() if "crontab -" in line and line.startswith("("))
    return line, re.search(r'echo "([^"]*)"', line)[1]


def windows_command():
    action = task().find(f"{TASK}Actions/{TASK}Exec")
    command = action.findtext(f"{TASK}Command").rpartition("\\")[2].removesuffix(".exe")
    return ("attendance-due.xml", f"{command} {action.findtext(f'{TASK}Arguments')}".replace("\\", "/"))


def arguments_of(command):
    """What `attendance` is given in a command, without what the shell takes for itself."""
    words = shlex.split(command.rpartition("&&")[2].partition(">")[0])
    assert Path(words[0]).name == "attendance"
    return words[1:]


ALL = [*shell_commands(), *documented_commands(), windows_command()]


def refusal(arguments):
    """Why the command line would refuse the arguments; nothing if it takes them."""
    try:
        group = attendance.make_context("attendance", list(arguments))
        name, command, rest = attendance.resolve_command(group, list(arguments))
        command.make_context(name, rest, parent=group)
    except click.ClickException as error:
        return error.format_message()
    return ""


@pytest.mark.parametrize(("name", "command"), ALL)
def test_every_command_exists_with_its_options(name, command):
    assert refusal(arguments_of(command)) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="the line is for a POSIX shell")
def test_the_one_line_of_the_readme_adds_the_entry_of_the_crontab_for_this_very_folder(tmp_path):
    """Run with a crontab command that keeps what it is given, in a folder that has an entry already."""
    line, entry = one_line()
    assert entry.replace("$PWD", HOME) == entries("attendance.cron")[1]
    kept = tmp_path / "kept"
    kept.write_text("0 0 * * * true\n")
    (tmp_path / "crontab").write_text(f'#!/bin/sh\n[ "$1" = -l ] && exec cat {kept}\nexec cat > {kept}.new\n')
    (tmp_path / "crontab").chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, env=env, check=True)
    new = (tmp_path / "kept.new").read_text()
    assert new == f"0 0 * * * true\n{entry.replace('$PWD', str(tmp_path))}\n"


@pytest.mark.parametrize("arguments", [["dew"], ["due", "--rum"], ["due", "--on", "Monday"], ["due", "now"]])
def test_a_command_that_does_not_exist_is_found(arguments):
    assert refusal(arguments)


def test_every_file_makes_what_is_due_for_the_same_school():
    making = {name for name, command in ALL if "--run" in command and SCHOOL in command}
    assert making == {path.name for path in FOLDER.iterdir()} - {"attendance-due.timer"}


def test_every_file_is_told_of_on_the_page():
    assert [
        path.name
        for path in FOLDER.iterdir()
        if path.name not in text_of("README.md") and path.suffix != ".md"
    ] == []


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")
@pytest.mark.parametrize(("name", "command"), shell_commands())
def test_every_command_runs_in_a_project(name, command, tmp_path):
    """The folder of the files stands for a project without notebooks, in which nothing can be made."""
    project = project_at(tmp_path / "workbook")
    (project.params / "demo.yml").rename(project.root / SCHOOL)
    project.notebook("tiny").unlink()
    bin_folder = project.root / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    script = f'#!/bin/sh\nexec "{sys.executable}" -m attendance_lib "$@"\n'
    (bin_folder / "attendance").write_text(script)
    (bin_folder / "attendance").chmod(0o755)
    here = command.replace(HOME, str(project.root))
    done = subprocess.run(
        ["/bin/sh", "-c", here], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" if name == "attendance.cron" else done.stdout.startswith("St Mary's on ")


# What each reader takes


def test_the_crontab_is_a_setting_and_one_entry_every_day():
    setting, entry = entries("attendance.cron")
    assert re.fullmatch(r"MAILTO=\S+", setting)
    assert entry.startswith(f"{EVERY_DAY} cd {HOME} && ")
    # In a crontab a percent sign is a line break.
    assert "%" not in entry


def test_the_units_belong_together():
    service, timer = unit("attendance-due.service"), unit("attendance-due.timer")
    assert service["ExecStart"].startswith(f"{service['WorkingDirectory']}/.venv/bin/attendance ")
    assert (service["Type"], service["WorkingDirectory"]) == ("oneshot", HOME)
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 06:30:00", "true")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_timer_as_every_morning():
    when = unit("attendance-due.timer")["OnCalendar"]
    asked = ["systemd-analyze", "calendar", "--iterations=2", "--base-time=2026-11-23 12:00:00", when]
    env = {"TZ": "UTC", "LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=env)
    mornings = re.findall(r"2026-11-\d\d 06:30:00", done.stdout)
    assert mornings == ["2026-11-24 06:30:00", "2026-11-25 06:30:00"], done.stderr


# The order of a calendar trigger's elements is fixed; in the other parts any order will do.
# Source: Microsoft, [MS-TSCH], sections 2.5.3.1 and 2.5.3.9, and the complex types of the Task Scheduler schema.
TRIGGER_ORDER = [
    "Enabled",
    "StartBoundary",
    "EndBoundary",
    "Repetition",
    "ExecutionTimeLimit",
    "RandomDelay",
    "ScheduleByDay",
]
PARTS = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {"URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation"},
    "Triggers": {"CalendarTrigger"},
    "CalendarTrigger": set(TRIGGER_ORDER),
    "ScheduleByDay": {"DaysInterval"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName",
        "RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden",
        "DeleteExpiredTaskAfter", "IdleSettings", "NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle",
    },
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}  # fmt: skip


def test_the_windows_task_has_the_parts_of_its_schema():
    assert task().tag == f"{TASK}Task"
    for element in task().iter():
        names = [child.tag.removeprefix(TASK) for child in element]
        assert set(names) <= PARTS.get(element.tag.removeprefix(TASK), set())
        assert len(names) == len(set(names))


def test_the_windows_task_has_its_trigger_in_order_and_its_principal_named():
    trigger = [child.tag.removeprefix(TASK) for child in task().find(f"{TASK}Triggers/{TASK}CalendarTrigger")]
    assert trigger == [name for name in TRIGGER_ORDER if name in trigger]
    principal = task().find(f"{TASK}Principals/{TASK}Principal")
    assert task().find(f"{TASK}Actions").get("Context") == principal.get("id")


def test_the_windows_task_is_ascii_without_a_declared_encoding():
    """So it is read both from a file and from the text that PowerShell hands over."""
    assert text_of("attendance-due.xml").isascii()
    assert text_of("attendance-due.xml").startswith('<?xml version="1.0"?>')


def test_the_workflow_stays_on_the_schools_machine():
    flow = workflow()
    # YAML 1.1 reads the key on as true.
    assert flow[True]["schedule"] == [{"cron": EVERY_DAY}]
    (job,) = flow["jobs"].values()
    assert job["runs-on"][0] == "self-hosted"
    assert flow["permissions"] == {}
    assert [step for step in job["steps"] if "uses" in step] == []
    assert job["defaults"]["run"]["working-directory"] == HOME
