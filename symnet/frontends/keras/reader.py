"""From the configuration of a model to a network: layers in the order of their calls, inner models expanded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.errors import LayerError, ModelError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.keras.call_site import Names, Site, Unknown
from symnet.frontends.keras.calls import FunctionalCalls
from symnet.frontends.keras.comparison import Calls, compare_with_keras
from symnet.frontends.keras.config import Config, Spec, spec_of
from symnet.frontends.keras.inputs import place_inputs
from symnet.frontends.keras.opaque import Live, Stored, opaque_layer
from symnet.frontends.keras.table import LAYERS, handler_of
from symnet.frontends.keras.time_distributed import Steps
from symnet.frontends.keras.training import add_losses, add_penalties, regularizers
from symnet.frontends.keras.values import flat, leaves, reference
from symnet.layers.kinds.elementwise import Activation
from symnet.public import Network

__all__ = ["Reader"]

#: Limits on the number of calls of layers and on the depth of nested models.
CALLS, DEPTH = 20_000, 50


class Reader:
    """Reads one model. ``sizes`` are other sizes for its inputs, ``live`` is the model itself if there is one,
    ``stored`` counts the numbers in a file.
    """

    def __init__(
        self, sizes: Any, opaque: bool, live: Live | None, *, compare: bool = True, stored: Stored | None = None
    ) -> None:
        self.builder = Builder("Keras")
        self._sizes, self._opaque, self._live = sizes, opaque, live
        self._compare, self._calls = compare, Calls()
        self._stored = stored
        self._names = Names()
        self._frozen = False
        self._count = 0

    def read(self, config: Mapping[str, Any]) -> Network:
        """The network of the model. Raises :class:`ModelError` if it has no graph or contains a layer that is not
        understood.
        """
        spec = self._model_of(spec_of(config, "the model"), ())
        if spec is None:
            raise ModelError(
                f"Keras: {config['class_name']} has no graph, its layers are called in its own code: make it functional, "
                "as in keras.Model(x, model.call(x)) with x = keras.Input(shape)"
            )
        inputs = place_inputs(self.builder, spec, self._sizes)
        # a layer's own flag counts here: that of an inner model was already applied to its layers
        functional = "output_layers" in spec.config
        trained = Config(spec.config, spec.name).flag("trainable", True) or (self._live is None and not functional)
        self._frozen = not trained
        try:
            outputs = self._run(spec, inputs, (), None)
        except RecursionError:
            raise ModelError("Keras: the configuration is nested too deeply") from None
        add_losses(self.builder, config.get("compile_config"), outputs, _output_names(spec))
        network = self.builder.network(spec.name, outputs, arrange=False)
        if self._compare:
            sizes = [self._names.merged.sizes(output) for output in outputs]
            compare_with_keras(config, self._live, self._calls, sizes, network, as_written=self._sizes is None)
        else:
            network.not_compared = "it was not asked for"
        return network

    def _model_of(self, spec: Spec, path: tuple[str, ...]) -> Spec | None:
        """The configuration of a model with its layers; ``None`` for a layer that is not a model."""
        if isinstance(spec.config.get("layers"), list):
            return spec
        if self._live is None or spec.is_operation or (spec.is_builtin and spec.class_name in LAYERS):
            return None
        structure = self._live.structure(path) if path else None
        if structure is None or not isinstance(structure.get("config", {}).get("layers"), list):
            return None
        found = spec_of(structure, spec.name)
        return Spec(spec.name, found.module, found.class_name, found.config, spec.nodes)

    def _run(self, spec: Spec, inputs: list[Tensor], path: tuple[str, ...], steps: Steps | None) -> list[Tensor]:
        """The outputs of a model on its inputs. ``path`` is its path, ``steps`` is set inside TimeDistributed."""
        where = "/".join(path) or spec.name
        self._calls.enter(path, inputs)
        if len(path) > DEPTH:
            raise ModelError(f"Keras: {'/'.join(path[:3])}/…: more than {DEPTH} models within each other")
        layers = [spec_of(layer, f"{where}: layer {number}") for number, layer in enumerate(spec.config["layers"], 1)]
        if "output_layers" not in spec.config:  # Sequential
            current = inputs
            following = [*(layer.built for layer in layers[1:]), None][: len(layers)]
            for layer, shape in zip(layers, following, strict=True):
                if layer.class_name != "InputLayer":
                    args = [current[0] if len(current) == 1 else current]
                    site = Site(self.builder, layer, "", self._frozen, args, {}, self._names, steps)
                    site.recorded = {0: shape} if shape is not None and self._sizes is None else {}
                    current = self._call(site, path)
            return current
        calls = FunctionalCalls(spec, layers, inputs, where)
        for call in calls.ordered():
            args, kwargs = calls.values(call, self._sizes is None and steps is None)
            site = Site(self.builder, call.layer, "", self._frozen, args, kwargs, self._names, steps)
            site.recorded = calls.recorded(call) if self._sizes is None else {}
            site.used = calls.used(call)
            calls.keep_outputs(call, self._call(site, path))
        return calls.outputs()

    def _call(self, site: Site, path: tuple[str, ...]) -> list[Tensor]:
        """The outputs of one call of a layer."""
        self._count += 1
        if self._count > CALLS:
            raise ModelError(f"Keras: more than {CALLS:,} calls of layers, models within models written out")
        here = (*path, site.spec.name)
        site.placed("/".join(here), trained=None if self._live is None else self._live.is_trained(here))
        site.identity = self._identity(site.spec, here)
        outputs = self._outputs(site, here)
        if site.steps is None:
            self._calls.add(here, site.origin, [self._names.merged.sizes(one) for one in outputs], site.used)
        return outputs

    def _outputs(self, site: Site, here: tuple[str, ...]) -> list[Tensor]:
        model = self._model_of(site.spec, here)
        try:
            if model is not None:
                return self._run(model, site.tensors, here, site.steps)
            if site.spec.is_builtin and site.spec.class_name == "TimeDistributed":
                return self._every_step(site, here)
            return self._placed(site, site.spec)
        except Unknown as why:
            first = len(self.builder)
            outputs = opaque_layer(site, here, str(why), self._live, self._opaque, self._stored)
            add_penalties(self.builder, first, site.spec, outputs, site.steps is not None)
            return outputs
        except LayerError as refused:
            raise site.refused(str(refused)) from None

    def _identity(self, spec: Spec, path: tuple[str, ...]) -> str:
        """A text that identifies a layer object, so that a layer in several models counts once; empty if it is
        unknown.
        """
        number = self._live.identity(path) if self._live is not None else spec.shared
        return "" if number is None else f"object {number}"

    def _every_step(self, site: Site, here: tuple[str, ...]) -> list[Tensor]:
        """TimeDistributed: the inner layer applied to every step."""
        layer = site.config.inner("layer")
        if site.steps is not None:
            raise Unknown("works on every step of every step")
        steps = Steps()
        tensor = steps.inside(site.tensor)
        model = self._model_of(layer, (*here, layer.name))
        if model is not None:
            return [steps.outside(one) for one in self._run(model, [tensor], (*here, layer.name), steps)]
        inner = Site(self.builder, layer, "", self._frozen, [tensor], {}, self._names, steps)
        inner.placed(site.path, f"{site.origin} around {layer.class_name}")
        inner.identity = self._identity(layer, (*here, layer.name))
        first = len(self.builder)
        outputs = [steps.outside(one) for one in self._placed(inner, layer)]
        add_penalties(self.builder, first, Spec(site.spec.name, "", "Activity", _activity(site.spec)), outputs, False)
        return outputs

    def _placed(self, site: Site, spec: Spec) -> list[Tensor]:
        """The outputs of a layer that symnet knows; its penalties are attached to the layers it becomes."""
        first = len(self.builder)
        given = [*flat([handler_of(spec)(site)])]
        if len(self.builder) == first and any(array == "output" for array, _ in regularizers(spec)):
            given = [site.put(Activation, "identity", to=one, part="activity") for one in given]
        add_penalties(self.builder, first, spec, given, site.steps is not None)
        return given


def _activity(spec: Spec) -> dict[str, Any]:
    """The activity regularizer of a wrapper itself."""
    return {name: value for name, value in spec.config.items() if name == "activity_regularizer"}


def _output_names(spec: Spec) -> list[str]:
    """The names of a model's outputs in a dict of losses: those of the layers that produce them."""
    if "output_layers" not in spec.config:
        layers = spec.config["layers"]
        last = layers[-1].get("config") if layers and isinstance(layers[-1], Mapping) else None
        return [str(last.get("name"))] if isinstance(last, Mapping) else []
    found = [reference(leaf) for leaf in leaves(spec.config["output_layers"])]
    return [ref.layer if ref else "" for ref in found]
