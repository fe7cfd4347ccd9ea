"""Every imported model is run by PyTorch itself at sizes that nobody chose: what was compared, and what a disagreement says."""

from __future__ import annotations

from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import comparing, from_torch
from symnet.frontends.torch.functions import FUNCTIONS
from symnet.frontends.torch.modules import MODULES
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def small() -> Any:
    from torch import nn

    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))


def test_two_runs_at_sizes_and_batches_that_differ() -> None:
    import torch

    net = from_torch(small(), (3, "H", "W"))
    first, second = net.compared
    assert net.not_compared is None
    assert first.framework == second.framework == f"torch {torch.__version__.partition('+')[0]}"
    assert first.input == ((3, 224, 224),)
    assert first.batch != second.batch
    assert not set(second.input[0][1:]) & {224}
    assert second.input[0][1] != second.input[0][2]
    assert first.layers == second.layers == 5
    assert first.multiply_adds
    assert second.multiply_adds
    assert "**Compared** with torch" in net.report()
    assert "3×224×224 and at 3×" in net.report()
    import json

    data = json.loads(net.report("json"))
    assert data["compared"][0]["input"] == [[3, 224, 224]]
    assert "not_compared" not in data


def test_a_network_of_numbers_is_run_with_two_batches() -> None:
    net = from_torch(small(), (3, 30, 40))
    assert [run.input for run in net.compared] == [((3, 30, 40),)] * 2
    assert len({run.batch for run in net.compared}) == 2


def test_sizes_are_taken_inside_the_hypotheses() -> None:
    from torch import nn

    for module, shape in (
        (nn.Sequential(nn.Conv2d(1, 4, 5), nn.Flatten(), nn.Linear(400, 3)), (1, "W", "W")),
        (nn.PixelUnshuffle(2), (8, "H", "W")),
        (model(lambda self, x: x if x.shape[1] == 16 else x.mean(1)), ("T", 4)),
        (model(lambda self, x: x + x[:, :1] if x.shape[1] % 3 == 0 else x), ("T", 4)),
    ):
        net = from_torch(module, shape)
        assert len(net.compared) == 2
        assert net.not_compared is None


def test_it_can_be_left_out_and_does_not_stand_where_nothing_was_run() -> None:
    net = from_torch(small(), (3, "H", "W"), compare=False)
    assert net.compared == ()
    assert net.not_compared == "it was not asked for"
    assert "**Not compared** with the framework: it was not asked for." in net.report()
    from symnet import Network

    assert "ompared" not in Network.parse("784 -> FC|10").report()


def test_what_looks_at_numbers_is_not_compared() -> None:
    module = model(lambda self, x: self.part(x), part=model(lambda self, x: x.relu() if x.sum() >= 0 else x))
    net = from_torch(module, (8,), opaque=True)
    assert net.compared == ()
    assert net.not_compared is not None
    assert "numbers" in net.not_compared


def test_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SECONDS", -1.0)
    net = from_torch(small(), (3, "H", "W"))
    assert net.compared == ()
    assert "takes longer" in str(net.not_compared)


def test_a_disagreement_is_an_error_that_shows_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        MODULES, "torch.nn.modules.activation.ReLU", lambda trace, module, x: FUNCTIONS["mean"](trace, x, 1)
    )
    words = r"^PyTorch: 1 \(torch.nn.ReLU\): at the input 3×9×9, batch \d+, PyTorch gives .* and symnet .*"
    with pytest.raises(ModelError, match=words) as raised:
        from_torch(small()[:2], (3, 9, 9))
    assert "\n" not in str(raised.value)


def test_what_torch_refuses_is_no_network() -> None:
    from torch import nn

    for run, shape in (
        (lambda self, x: x.narrow(1, 2, 5), (4, 3)),
        (lambda self, x: x.split([1, 2], 1)[1], (4, 3)),
        (lambda self, x: nn.functional.rms_norm(x, (5,)), (6, 7)),
        (lambda self, x: x.permute(0, 1, 1), (4, 4)),
        (lambda self, x: x.topk(9, 1)[0], (4, 3)),
    ):
        with pytest.raises(ModelError):
            from_torch(model(run), shape)


def test_the_reason_shown_is_that_of_the_run_that_got_farthest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of floating-point numbers is run with integers, and one of integers with the others, too: what these runs raise is
    not what is wrong with the model."""
    import torch
    from torch import nn

    def run(self: Any, x: Any) -> Any:
        made = self.first(x)
        return torch.add(made, torch.ones(5))  # the line that does not fit

    monkeypatch.setitem(FUNCTIONS, "add", lambda trace, x, other: x)
    line = run.__code__.co_firstlineno + 2
    for first, shape in ((nn.Conv1d(4, 8, 1), (4, 9)), (nn.Embedding(7, 6), (9,))):
        with pytest.raises(ModelError, match=rf"itself raises RuntimeError at test_comparison.py, line {line};"):
            from_torch(model(run, first=first), shape)


def test_one_run_outside_the_hypotheses() -> None:
    from torch import nn

    net = from_torch(nn.Sequential(nn.Conv2d(1, 4, 5), nn.Flatten(), nn.Linear(400, 3)), (1, "W", "W"))
    assert net.outside is not None
    assert net.outside.result == "refused"
    assert "Outside the hypotheses, at " in net.report()
    other = from_torch(model(lambda self, x: x if x.shape[1] == 16 else x.mean(1)), ("T", 4))
    assert other.outside is not None
    assert other.outside.result == "other sizes"
    assert from_torch(nn.ReLU(), ("T", 4)).outside is None
