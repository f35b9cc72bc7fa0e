from .exporting import FORMATS as FORMATS
from .exporting import PRECISIONS as PRECISIONS
from .exporting import export as export
from .litert_graph import litert_graph as litert_graph
from .onnx_graph import onnx_graph as onnx_graph
