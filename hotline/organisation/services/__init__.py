"""Loading a city's areas and units, re-organising them, and keeping its staff."""

from hotline.organisation.services.city import load_city
from hotline.organisation.services.reorganising import reorganise
from hotline.organisation.services.staff import add_membership, create_staff, end_membership

__all__ = ["add_membership", "create_staff", "end_membership", "load_city", "reorganise"]
