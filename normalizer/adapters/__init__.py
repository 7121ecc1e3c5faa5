"""The engine in the protocols of other frameworks; each module imports its framework only when it is used.

| framework | what to use |
|---|---|
| Hugging Face datasets | `ds.map(normalizer.adapters.datasets.NormalizerMap(), batched=True)` |
| pandas | `normalizer.adapters.pandas.restore(df["text"])`, `restore_frame(df)` |
| polars | `normalizer.adapters.polars.restore("text")`, an expression |
| PyArrow | `normalizer.adapters.arrow.restore(array)`, and `register()` for `pyarrow.compute` |
| scikit-learn | `normalizer.adapters.sklearn.NormalizerTransformer()` in a `Pipeline` |
| datatrove | `normalizer.adapters.datatrove.NormalizerFormatter()`, `SpunFilter()` |
| spaCy | `nlp.add_pipe("normalizer")` after importing `normalizer.adapters.spacy` |
| Dolma | `normalizer.adapters.dolma.attributes(document)`, `write_attributes(…)` |
| Spark | `df.mapInPandas(normalizer.adapters.spark.mapper(), schema)` |
"""
