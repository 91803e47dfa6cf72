"""Publishers that every reader knows, with the hosts on which they publish: what a campaign's own file adds to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: As they are named in texts, capitals and all.
KNOWN_PUBLISHERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "American Cancer Society": ("cancer.org",),
        "American Red Cross": ("redcross.org",),
        "Autism Society": ("autismsociety.org",),
        "Autism Speaks": ("autismspeaks.org",),
        "CDC": ("cdc.gov",),
        "Census Bureau": ("census.gov",),
        "Department of Justice": ("justice.gov", "ojp.gov"),
        "Department of Labor": ("dol.gov",),
        "Department of State": ("state.gov",),
        "EPA": ("epa.gov",),
        "FBI": ("fbi.gov",),
        "FDA": ("fda.gov",),
        "HHS": ("hhs.gov", "acf.gov"),
        "ILO": ("ilo.org",),
        "Komen": ("komen.org",),
        "Library of Congress": ("loc.gov",),
        "Mayo Clinic": ("mayoclinic.org",),
        "NAACP": ("naacp.org",),
        "NAMI": ("nami.org",),
        "NASA": ("nasa.gov",),
        "National Archives": ("archives.gov",),
        "NCI": ("cancer.gov",),
        "NIH": ("nih.gov",),
        "NIMH": ("nimh.nih.gov",),
        "NOAA": ("noaa.gov",),
        "Pew": ("pewtrusts.org", "pewresearch.org"),
        "Polaris": ("polarisproject.org",),
        "SAMHSA": ("samhsa.gov",),
        "Smithsonian": ("si.edu",),
        "State Department": ("state.gov",),
        "UNAIDS": ("unaids.org",),
        "UNICEF": ("unicef.org",),
        "USDA": ("usda.gov",),
        "WHO": ("who.int",),
        "World Health Organization": ("who.int",),
    }
)
