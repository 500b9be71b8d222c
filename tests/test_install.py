"""deploy/install.sh: the new beside the old, whatever becomes of it, and the switch at the very end."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_STUB = """#!/bin/sh
# Python, but for the making of an environment: its pip takes one wheel of one name, as the real one does, and does
# what a file beside it says at the last of them.
[ "$1" = -m ] || exec {python} "$@"
mkdir -p "$3/bin"
cat > "$3/bin/pip" <<'END'
#!/bin/sh
for word; do case $word in wheels/*) echo "$word" >> "$(dirname "$0")/wheels"; . {then}; esac; done
END
echo 'echo "lyhord, tried"; . {tried}' > "$3/bin/lyhord"
chmod +x "$3/bin/pip" "$3/bin/lyhord"
"""


class Wheelhouse:
    """An unpacked tar with nothing but names in it, and a Python that installs nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.top = folder / "wheelhouse", folder / "opt"
        self._bin, self._then, self._tried = folder / "bin", folder / "then", folder / "tried"
        (self.folder / "wheels").mkdir(parents=True)
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        for name, text in {"PYTHON": python, "MACHINE": "x86_64", "requirements.txt": ""}.items():
            (self.folder / name).write_text(f"{text}\n")
        shutil.copytree(ROOT / "deploy", self.folder / "deploy")
        shutil.copytree(ROOT / "docs" / "admin", self.folder / "admin")
        shutil.copy(ROOT / "deploy" / "install.sh", self.folder)
        self._bin.mkdir()
        stub = self._bin / "python3"
        stub.write_text(_STUB.format(python=sys.executable, then=self._then, tried=self._tried))
        stub.chmod(0o755)
        self.unpack("0.1.0")

    def unpack(self, version: str) -> None:
        """Over what lies there, as ``tar`` does."""
        (self.folder / "wheels" / f"lyhord-{version}-py3-none-any.whl").touch()
        named = f"{version}\n".encode()
        (self.folder / "VERSION").write_bytes(named)
        (self.folder / "SHA256SUMS").write_text(f"{sha256(named).hexdigest()}  VERSION\n")

    def install(self, *, then: str = ":", tried: str = ":", mask: str = "022") -> tuple[int, str]:
        """Run the script; ``then`` is what pip does having taken Lyhörd, ``tried`` what Lyhörd's first run does."""
        self._then.write_text(f"{then}\n")
        self._tried.write_text(f"{tried}\n")
        command = ["sh", "-c", f"umask {mask}; exec {self.folder}/install.sh {self.top}"]
        path = {"PATH": f"{self._bin}:/usr/bin:/bin"}
        done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def there(self) -> list[str]:
        return sorted(path.name for path in self.top.iterdir())

    def running(self) -> str:
        return (self.top / "lyhord").readlink().name


@pytest.fixture
def house(tmp_path: Path) -> Wheelhouse:
    return Wheelhouse(tmp_path)


def test_a_newer_tar_is_unpacked_over_an_older_one_and_its_own_version_is_installed(house: Wheelhouse) -> None:
    """The folder then holds both wheels; pip was given the two of them and refused."""
    house.unpack("0.2.0.1")
    house.unpack("0.2.0")
    assert house.install()[0] == 0
    assert house.running() == "lyhord-0.2.0"
    lyhord = house.top / "lyhord"
    assert (lyhord / "bin" / "wheels").read_text() == "wheels/lyhord-0.2.0-py3-none-any.whl\n"
    assert (lyhord / "deploy" / "nginx.conf").is_file()
    assert (lyhord / "docs" / "admin" / "upgrade.md").is_file()


def test_the_same_version_again_lies_beside_the_one_that_runs(house: Wheelhouse) -> None:
    """The running one was taken away first."""
    house.install()
    (house.top / "lyhord" / "mine").touch()
    said = house.install()[1]
    assert house.running() == "lyhord-0.1.0-2"
    assert (house.top / "lyhord-0.1.0" / "mine").is_file()
    assert f"ln -sfn {house.top}/lyhord-0.1.0 {house.top}/lyhord" in said
    house.install()
    assert house.running() == "lyhord-0.1.0-3"


@pytest.mark.parametrize(
    "failure",
    [{"then": "exit 28"}, {"tried": "exit 1"}, {"then": "kill -TERM $PPID"}],
    ids=["disk full", "it does not run", "broken off"],
)
def test_what_cannot_be_finished_leaves_the_old_one_running(house: Wheelhouse, failure: dict[str, str]) -> None:
    house.install()
    house.unpack("0.2.0")
    status, said = house.install(**failure)
    assert status != 0
    assert "still points to" in said
    assert (house.running(), house.there()) == ("lyhord-0.1.0", ["lyhord", "lyhord-0.1.0"])
    assert house.install()[0] == 0
    assert (house.running(), house.there()) == ("lyhord-0.2.0", ["lyhord", "lyhord-0.1.0", "lyhord-0.2.0"])


def test_what_a_power_cut_left_is_taken_away_by_the_next(house: Wheelhouse) -> None:
    house.install()
    house.unpack("0.2.0")
    assert house.install(then="kill -KILL $PPID")[0] == -9
    assert (house.running(), house.there()) == ("lyhord-0.1.0", ["lyhord", "lyhord-0.1.0", "lyhord-0.2.0"])
    house.install()
    assert (house.running(), house.there()) == ("lyhord-0.2.0", ["lyhord", "lyhord-0.1.0", "lyhord-0.2.0"])


def test_the_service_may_read_what_a_careful_root_installs(house: Wheelhouse) -> None:
    house.install(mask="077")
    assert (house.top / "lyhord-0.1.0" / "bin").stat().st_mode & 0o777 == 0o755
