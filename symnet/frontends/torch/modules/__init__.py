"""The modules of torch and torchvision that become layers; all other modules are run. A new module is a handler and a
line in the table of its family's file.
"""

from __future__ import annotations

from symnet.frontends.torch.modules.attention import MODULES as ATTENTION
from symnet.frontends.torch.modules.detection import MODULES as DETECTION
from symnet.frontends.torch.modules.features import MODULES as FEATURES
from symnet.frontends.torch.modules.recurrent import MODULES as RECURRENT
from symnet.frontends.torch.modules.torchvision import MODULES as TORCHVISION
from symnet.frontends.torch.modules.windows import MODULES as WINDOWS
from symnet.frontends.torch.trace import Handler

__all__ = ["MODULES"]

#: Handlers by the class that defines ``forward``, with its module.
MODULES: dict[str, Handler] = {
    **WINDOWS,
    **FEATURES,
    **RECURRENT,
    **ATTENTION,
    **TORCHVISION,
    **DETECTION,
}
