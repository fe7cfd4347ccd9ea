"""The modules of torch and torchvision that become layers by themselves; all others are looked into."""

from __future__ import annotations

from symnet.frontends.torch.modules.attention import MODULES as ATTENTION
from symnet.frontends.torch.modules.features import MODULES as FEATURES
from symnet.frontends.torch.modules.recurrent import MODULES as RECURRENT
from symnet.frontends.torch.modules.torchvision import MODULES as TORCHVISION
from symnet.frontends.torch.modules.windows import MODULES as WINDOWS
from symnet.frontends.torch.trace import Handler

__all__ = ["MODULES"]

#: By the class in which ``forward`` is written, with its module.
MODULES: dict[str, Handler] = {
    **WINDOWS,
    **FEATURES,
    **RECURRENT,
    **ATTENTION,
    **TORCHVISION,
}
