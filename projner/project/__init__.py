"""Project records put together from entities, amounts and roles. Pure Python."""

from projner.project.build import build
from projner.project.model import Entity, Project, Record

__all__ = ["Entity", "Project", "Record", "build"]
