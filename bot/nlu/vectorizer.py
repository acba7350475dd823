"""Sparse features of short messages: character n-grams within words, and words, over normalised text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.search.normalise import normalise

_WORDS_WEIGHT = 0.7
_ANY_WORD = r"[^\W_]+"


class MessageFeatures:
    """Learns its vocabulary from the examples; works for misspelt words because letters count and not only whole words."""

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), min_df=2, max_features=60_000, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            token_pattern=_ANY_WORD, ngram_range=(1, 2), min_df=2, max_features=30_000, sublinear_tf=True, dtype=np.float32
        )

    def fit_transform(self, texts: Sequence[str]) -> Any:
        """Learn the vocabulary; the features of `texts`."""
        plain = [normalise(text) for text in texts]
        self._characters.fit(plain)
        self._words.fit(plain)
        return self.transform(texts)

    def transform(self, texts: Sequence[str]) -> Any:
        """Features, sparse, shape (n, number of features)."""
        plain = [normalise(text) for text in texts]
        return sparse.hstack(
            [self._characters.transform(plain), self._words.transform(plain) * _WORDS_WEIGHT], format="csr", dtype=np.float32
        )
