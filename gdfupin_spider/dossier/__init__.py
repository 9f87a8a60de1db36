"""Everything that an archive has about one article: its versions, what was seen of it when, and the captures that prove it."""

from ..storage.proven_capture import ProvenCapture
from .dossier import Dossier, dossier_of

__all__ = ["Dossier", "ProvenCapture", "dossier_of"]
