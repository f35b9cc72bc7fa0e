from .app import create_app as create_app
from .options import ServiceOptions as ServiceOptions
from .served_run import ServedRun as ServedRun
from .server import serve as serve
