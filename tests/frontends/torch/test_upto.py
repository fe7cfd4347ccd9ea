"""A model is read as far as one of its modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import from_torch
from tests.command_line import said

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def test_a_model_is_read_as_far_as_a_module() -> None:
    """The output of the module is the network's, with the parameters of what ran until there and no others."""
    from torch import nn

    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.aside, self.body = nn.Linear(6, 7), nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4))
            self.head, self.never = nn.Linear(4, 2), nn.Linear(2, 2)

        def forward(self, x: Any) -> Any:
            beside = self.aside(x)
            made = self.head(self.body(x))
            return made[made.sum(1) > 0], beside

    class Spare(Branches):
        def forward(self, x: Any) -> Any:
            return self.body(x)

    model = Branches()
    for upto, output, parameters in (("aside", 7, 49), ("body.0", 5, 84), ("body", 4, 108), ("head", 2, 118)):
        network = from_torch(model, (6,), upto=upto)
        assert network.output == (output,)
        assert network.parameters == parameters
        assert network.compared
    with pytest.raises(ModelError, match=r"mask says.*--upto head reads the model as far as that module"):
        from_torch(model, (6,))
    with pytest.raises(ModelError, match="upto='hed' is no module of the model; the nearest name is head"):
        from_torch(model, (6,), upto="hed")
    with pytest.raises(ModelError, match="upto='never': the model's forward does not call that module"):
        from_torch(Spare(), (6,), upto="never")


def test_a_command_reads_a_model_as_far_as_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--upto`` reaches the process that runs the model's code; it is refused for files and notation."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "picks.py").write_text(
        "from torch import nn\n\nclass Picks(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.body, self.head = nn.Linear(6, 4), nn.Linear(4, 2)\n\n    def forward(self, x):\n"
        "        x = self.head(self.body(x))\n        return x if (x > 0).all() else -x\n"
    )
    asked = ("table", "picks.py:Picks", "--import", "--input", "6")
    _, refused = said(capsys, *asked, code=2)
    assert "at picks.py, line 10; --opaque takes from PyTorch what it gives; --upto head reads" in refused
    assert "28 + 10 = 38" in said(capsys, *asked, "--upto", "head")[0]
    for other in ("net.keras", "net.onnx", "6 -> FC|4"):
        assert "--upto" in said(capsys, "table", other, "--upto", "body", code=2)[1]


@pytest.mark.parametrize(
    ("name", "size", "upto", "step", "boxes"),
    [
        ("ssdlite320_mobilenet_v3_large", 300, "head", "postprocess_detections, at ssd.py, line", (3234, 4)),
        ("fasterrcnn_mobilenet_v3_large_320_fpn", 480, "rpn.head", "filter_proposals, at rpn.py, line", (15, 10, 10)),
    ],
)
def test_a_detector_is_read_as_far_as_the_step_that_keeps_boxes(
    name: str, size: int, upto: str, step: str, boxes: tuple[int, ...]
) -> None:
    """The step is named, and until there everything is compared with torchvision. Images of other sizes are resized first."""
    from importlib import import_module

    from symnet.frontends.torch import with_operators

    detection = with_operators(lambda: import_module("torchvision.models.detection"))
    model = getattr(detection, name)(weights=None, weights_backbone=None)
    with pytest.raises(ModelError, match="call its eval"):
        from_torch(model, (3, size, size), upto=upto)
    model.eval()
    with pytest.raises(ModelError, match=f"{step} .*--upto {upto} reads the model as far as that module"):
        from_torch(model, (3, size, size))
    network = from_torch(model, (3, size, size), upto=upto)
    assert network.outputs[0] == boxes
    assert network.compared
    assert network.parameters == sum(
        one.numel() for path, one in model.named_parameters() if path.startswith(("backbone", upto))
    )
