"""The words that the flow of data is read by: names of parts, of statistics, of classes that learn or do not.

Sources: scikit-learn's "Common pitfalls" (what must be fitted on the training part alone), imbalanced-learn's chapter
of the same name (resampling), Yang et al., "Data leakage in notebooks", ASE 2022 (statistics of numpy and pandas).
"""

import re

from dodcheck.facts.ml.flow_values import Part

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TRAIN = re.compile(r"([xyd]|df|data|feats?|features|labels?)?_?(train|training|trn|tr)", re.IGNORECASE)
_TEST = re.compile(
    r"([xyd]|df|data|feats?|features|labels?)?_?(test|testing|tst|te|holdout|heldout|unseen)", re.IGNORECASE
)
_VALIDATION = re.compile(r"([xyd]|df|data)?_?(val|valid|validation|dev|eval|cal|calib|calibration)", re.IGNORECASE)
_TIME = re.compile(r"(?:^|_)(date|datetime|timestamp|time|ts)(?:$|_)", re.IGNORECASE)

STATISTICS = {
    "mean", "std", "var", "median", "quantile", "percentile", "mode", "min", "max", "average", "corr", "cov", "skew",
    "nanmean", "nanstd", "nanvar", "nanmedian", "nanmin", "nanmax", "nanquantile", "nanpercentile", "amin", "amax",
    "corrcoef", "describe", "ptp", "corrwith", "reduce_mean", "reduce_std", "reduce_max", "reduce_min",
}  # fmt: skip
BOUNDS = {"min", "max", "amin", "amax", "nanmin", "nanmax", "ptp", "reduce_max", "reduce_min"}
SCALING_FUNCTIONS = re.compile(
    r"sklearn\.preprocessing\.(scale|minmax_scale|maxabs_scale|robust_scale|quantile_transform|power_transform)"
    r"|(sklearn\.preprocessing\.)?_data\.scale|scipy\.stats\.(zscore|boxcox|yeojohnson)|scipy\.stats\.mstats\.zscore"
    r"|sklearn\.feature_selection\.\w*(chi2|classif|regression)|category_encoders\.\w+"
)
ROWLESS = {
    "len", "print", "range", "isinstance", "display", "hasattr", "shape", "columns", "dtypes", "dtype", "nunique",
    "info", "size", "ndim", "keys", "isna", "isnull", "notna", "notnull", "count", "to_csv", "to_parquet", "to_pickle",
    "hist", "plot", "isin", "duplicated", "equals", "value_counts", "unique", "feature_names", "target_names",
    "feature_names_in_", "n_features_in_", "memory_usage", "DESCR", "empty", "num_rows", "column_names",
}  # fmt: skip
STATELESS = {
    "Normalizer", "Binarizer", "FunctionTransformer", "HashingVectorizer", "PolynomialFeatures", "FeatureHasher",
    "LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "SkewedChi2Sampler", "AdditiveChi2Sampler",
    "RandomTreesEmbedding", "MissingIndicator", "TSNE", "MDS", "UMAP", "GaussianRandomProjection",
    "SparseRandomProjection", "AutoTokenizer", "DropFeatures", "DropDuplicateFeatures", "DatetimeFeatures",
    "FunctionSampler", "LabelSpreading", "LabelPropagation", "LocalOutlierFactor", "SpectralEmbedding", "Isomap",
}  # fmt: skip
CATEGORIES = {"OneHotEncoder", "OrdinalEncoder", "DictVectorizer", "Tokenizer", "StringLookup", "IntegerLookup"}
_LEARNERS = re.compile(
    r"\w*(Scaler|Imputer|Vectorizer|Transformer|PCA|SVD|NMF|Selector|SelectKBest|SelectPercentile|SelectFromModel"
    r"|SelectF\w+|RFE|RFECV|VarianceThreshold|TargetEncoder|MEstimateEncoder|CatBoostEncoder|LeaveOneOutEncoder"
    r"|WOEEncoder|JamesSteinEncoder|Discretizer|FastICA|FactorAnalysis|LatentDirichletAllocation|Nystroem"
    r"|LinearDiscriminantAnalysis|SMOTE\w*|ADASYN|\w*Sampler|TomekLinks|NearMiss|EditedNearestNeighbours"
    r"|ClusterCentroids|Standardizer|Winsorizer|Normalization|SMOTETomek|SMOTEENN|Pipeline|FeatureUnion|Encoder)"
)
_LEARNER_NAMES = re.compile(
    r"scal|imput|vectori|(^|_)(vect|vec|tfidf|cv|sc|ss|mms|pca|svd|nmf)(_|\d|$)|select|standard|minmax|preproc|encod|smote"
    r"|sampler|balanc|discret|poly",
    re.IGNORECASE,
)
SPLITTERS = re.compile(
    r"\w*(KFold|ShuffleSplit|LeaveOneOut|LeavePOut|LeaveOneGroupOut|LeavePGroupsOut|TimeSeriesSplit|PredefinedSplit)"
)
GROUP_BLIND = {"KFold", "StratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit", "RepeatedKFold",
               "RepeatedStratifiedKFold", "TimeSeriesSplit", "LeaveOneOut", "LeavePOut"}  # fmt: skip
SPLITTER_NAMES = re.compile(r"(^|_)(cv|kf|kfold|skf|fold|folds|splitter|split|sss|gss|gkf|tscv|rkf|loo)\d*(_|$)")
CROSS_VALIDATION = {"cross_val_score", "cross_validate", "cross_val_predict", "permutation_test_score"}
SEARCHES = re.compile(r"\w*(SearchCV|RFECV)|(Lasso|Ridge|ElasticNet|LogisticRegression|RidgeClassifier|LassoLars)CV")
STOPPING = re.compile(r"\w*(EarlyStopping|EarlyStoppingCallback|early_stopping|ReduceLROnPlateau)")
LOADERS = re.compile(
    r"(DataLoader|Dataset|ImageFolder)$|^(torchvision|torchtext|torchaudio|torch_geometric)\.datasets\."
)
PREDICTING = {"predict", "predict_proba", "predict_log_proba", "decision_function", "score", "evaluate",
              "predict_classes"}  # fmt: skip
TAKING = {"copy", "drop", "dropna", "astype", "reset_index", "set_index", "rename", "sort_values", "fillna", "assign",
          "to_numpy", "to_pandas", "map", "batch", "shuffle", "cache", "prefetch", "sample", "head", "tail", "take",
          "skip", "query", "filter", "select", "reshape", "transpose", "join", "merge", "with_columns"}  # fmt: skip
NAMED_PARTS = {"sample", "drop", "head", "tail", "take", "skip", "query", "filter", "select", "loc", "iloc"}


def part_named(name: str) -> Part | None:
    """Return the part of a split that a variable's name speaks of; None when it speaks of none, or of several."""
    words = [piece.lower() for piece in _PIECE.findall(name)]
    joined = ["".join(words[at : at + 2]) for at in range(len(words) - 1)]
    found: set[Part] = set()
    for word in [*words, *joined]:
        if _TRAIN.fullmatch(word):
            found.add("train")
        elif _TEST.fullmatch(word) or word == "holdout":
            found.add("test")
        elif _VALIDATION.fullmatch(word):
            found.add("validation")
    if len(found) > 1 and "validation" in found:
        return "validation" if words[-1] in {"val", "valid", "validation"} else None
    return found.pop() if len(found) == 1 else None


def is_time(name: str) -> bool:
    """Tell whether a column's name speaks of a point in time."""
    return bool(_TIME.search(name))


def learns(name: str, variable: str) -> bool | None:
    """Tell whether a class keeps what it has seen of the data; None when neither its name nor the variable's tells."""
    last = name.rpartition(".")[2]
    if last in STATELESS:
        return False
    if _LEARNERS.fullmatch(last) or last in CATEGORIES or name.startswith(("sklearn.", "imblearn.")):
        return True
    return True if not name and _LEARNER_NAMES.search(variable) else None
