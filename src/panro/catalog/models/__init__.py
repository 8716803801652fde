"""State of the catalogue: products, what is disclosed and shown of them, spreadsheets."""

from panro.catalog.models.pictures import Picture, PictureSize, ProductCertificate, ProductImage
from panro.catalog.models.products import Disclosure, MakerSize, Making, Product, ProductCounter
from panro.catalog.models.sheets import ImportRow, ProductExport, ProductImport

__all__ = [
    "Disclosure",
    "ImportRow",
    "MakerSize",
    "Making",
    "Picture",
    "PictureSize",
    "Product",
    "ProductCertificate",
    "ProductCounter",
    "ProductExport",
    "ProductImage",
    "ProductImport",
]
