"""Record the output of Hugging Face `transformers` for a real encoder, for tests/encoders.

Needs PyTorch and transformers, which are not dependencies of this project:

    cd tests/golden && python make_encoder_transformers.py ENCODER_FOLDER encoder_transformers.npz
"""

import sys

import numpy as np
import torch
from transformers import BertModel

PLACES = 4


def main(folder: str, output: str) -> None:
    model = BertModel.from_pretrained(folder, add_pooling_layer=False).float().eval()
    random = np.random.default_rng(0)
    ids = random.integers(1, model.config.vocab_size, [3, 24])
    ids[:, 0] = 101
    ids[1, 17:] = 0
    ids[2, 9:] = 0
    segments = (np.arange(24)[None] > 12).astype(int) * (ids != 0)
    with torch.no_grad():
        states = model(
            torch.tensor(ids),
            attention_mask=torch.tensor((ids != 0).astype(int)),
            token_type_ids=torch.tensor(segments),
            output_hidden_states=True,
        ).hidden_states
    np.savez_compressed(
        output,
        token_ids=ids.astype("int32"),
        segment_ids=segments.astype("int32"),
        last=states[-1][:, :PLACES].numpy(),
        after_two_layers=states[2][:, :PLACES].numpy(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
