"""Plays every scene of *.scene; scene.py says how they are written."""

import pathlib

import pytest

from scene import Play, read_scenes

SCENES = {
    f"{path.stem}: {scene.title}": scene
    for path in sorted(pathlib.Path(__file__).parent.glob("*.scene"))
    for scene in read_scenes(path)
}

# How many cases each worked example has, a and on; private zones and what comes after them are not
# here yet.
EXAMPLES = {
    "S-01": 3,
    "S-02": 4,
    "S-03": 4,
    "S-04": 4,
    "S-05": 6,
    "S-06": 2,
    "S-07": 4,
    "S-08": 7,
    "S-09": 3,
    "S-10": 6,
    "S-11": 3,
    "S-12": 5,
    "S-13": 10,
    "S-14": 7,
    "S-15": 3,
    "S-16": 6,
    "S-17": 6,
    "S-18": 6,
    "S-19": 2,
    "S-20": 5,
    "S-21": 3,
    "S-22": 4,
}
CASES = {f"{name}{chr(97 + number)}" for name, count in EXAMPLES.items() for number in range(count)}


@pytest.mark.parametrize("title", SCENES)
def test_scene(lab, title, record_property):
    record_property("cases", SCENES[title].cases())
    Play(lab).play(SCENES[title])


class TwiceImported(Play):
    """Every zone is exported and imported again before the scene goes on."""

    def zone(self, step):
        super().zone(step)
        origin = step.words[0]
        text = self.daemon.signpost("zone", "export", origin)
        self.daemon.import_text(origin, text, "--replace", name="exported.zone")
        assert self.daemon.signpost("zone", "export", origin) == text


WITH_POLICIES = [
    title
    for title, scene in SCENES.items()
    if any(line.startswith(";@ ") for step in scene.steps for line in step.block)
]


@pytest.mark.parametrize("title", WITH_POLICIES)
def test_an_export_loses_nothing(lab, title):
    TwiceImported(lab).play(SCENES[title])


def test_every_worked_example_is_a_scene():
    played = {case for scene in SCENES.values() for case in scene.cases()}
    assert CASES - played == set()
