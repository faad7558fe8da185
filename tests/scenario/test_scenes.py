"""Plays every scene of *.scene; scene.py says how they are written."""

import pathlib

import pytest

from scene import play, read_scenes

SCENES = [
    pytest.param(scene, id=f"{path.stem}: {scene.title}")
    for path in sorted(pathlib.Path(__file__).parent.glob("*.scene"))
    for scene in read_scenes(path)
]


@pytest.mark.parametrize("scene", SCENES)
def test_scene(stage, scene):
    play(scene, stage)
