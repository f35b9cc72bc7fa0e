from .batches import bucket_length as bucket_length
from .batches import length_grouped_batches as length_grouped_batches
from .batches import length_multiple as length_multiple
from .batches import ordered_batches as ordered_batches
from .batches import pad_batch as pad_batch
from .training_batches import TrainingBatches as TrainingBatches
