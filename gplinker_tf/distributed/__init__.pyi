from .extraction_stage import ExtractionStage as ExtractionStage
from .ray_workers import map_on_ray as map_on_ray
from .triple_columns import SPARK_TYPE as SPARK_TYPE
from .triple_columns import arrow_type as arrow_type
from .triple_columns import triple_rows as triple_rows
from .worker_extractor import WorkerExtractor as WorkerExtractor
