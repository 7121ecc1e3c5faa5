"""scikit-learn: a stateless transformer for the front of a ``Pipeline``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from normalizer.adapters.core import Restorer, need
from normalizer.restoration import Restoration

if TYPE_CHECKING:

    class BaseEstimator:
        """What mypy sees of scikit-learn's class, whether that is installed or not."""

    class TransformerMixin:
        """What mypy sees of scikit-learn's class."""

else:
    try:
        from sklearn.base import BaseEstimator, TransformerMixin
    except ImportError:
        BaseEstimator, TransformerMixin = type("BaseEstimator", (), {}), type("TransformerMixin", (), {})


class NormalizerTransformer(TransformerMixin, BaseEstimator):
    """Restores an iterable of texts: ``make_pipeline(NormalizerTransformer(), TfidfVectorizer())``.

    Parameters are those of ``Normalizer``, so that ``set_params`` and grid searches reach them.
    """

    def __init__(
        self,
        min_confidence: float | None = None,
        safe: bool = False,
        assume: str = "auto",
        only: Any = (),
        skip: Any = ("markup",),
    ) -> None:
        self.min_confidence = min_confidence
        self.safe = safe
        self.assume = assume
        self.only = only
        self.skip = skip

    def fit(self, X: Iterable[str], y: Any = None) -> NormalizerTransformer:  # noqa: N803 - scikit-learn's name
        """Check the parameters; there is nothing to learn."""
        self._restorer()
        return self

    def transform(self, X: Iterable[str]) -> list[str]:  # noqa: N803
        """The texts, restored."""
        return [restoration.restored for restoration in self.analyze(X)]

    def analyze(self, X: Iterable[str]) -> list[Restoration]:  # noqa: N803
        """The full analyses: edits, spun probability and engine of every text."""
        restorer = self._restorer()
        return [restorer.analyze(text) for text in X]

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The names of the input."""
        return input_features

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def _restorer(self) -> Restorer:
        need("sklearn", "scikit-learn")
        return Restorer(
            min_confidence=self.min_confidence,
            safe=self.safe,
            assume=self.assume,
            only=list(self.only),
            skip=list(self.skip),
        )
