"""The settings of the tables in these tests."""

SETTINGS = {
    "recipe": "blog",
    "epochs": 2,
    "batch_size": 8,
    "learning_rate": 3e-3,
    "averaging": None,
    "limit": 48,
    "dev_limit": 24,
    "encoder_layers": 1,
    "max_length": 48,
}
VARIANTS = ["casrel", "gplinker-efficient"]
