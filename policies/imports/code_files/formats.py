"""The formats by the names that a command line or a form gives them."""

from collections.abc import Callable
from dataclasses import dataclass

from policies.imports.code_files import cpt, hcpcs, hcpcs_sheet, icd_10_cm
from policies.imports.code_files.lines import CodeFile, CodeLine


@dataclass(frozen=True, slots=True)
class Format:
    """A layout of files: what it is called, whose codes it holds, and who reads it."""

    label: str
    system: str
    read: Callable[[bytes], CodeFile[CodeLine]]


FORMATS = {
    "icd-10-cm": Format("ICD-10-CM order file", "ICD-10-CM", icd_10_cm.read_order_file),
    "hcpcs": Format("HCPCS Level II, fixed width", "HCPCS", hcpcs.read_fixed_width),
    "hcpcs-sheet": Format("HCPCS Level II, spreadsheet", "HCPCS", hcpcs_sheet.read_sheet),
    "cpt-long": Format("CPT long descriptors, with tabs", "CPT", cpt.read_long),
    "cpt-long-fixed": Format("CPT long descriptors, fixed width", "CPT", cpt.read_long_fixed),
    "cpt-consolidated": Format("CPT consolidated list", "CPT", cpt.read_consolidated),
}
