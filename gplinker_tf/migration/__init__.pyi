from .note import Note as Note
from .project import Project as Project
from .script import migrate as migrate
from .source_file import SourceFile as SourceFile
