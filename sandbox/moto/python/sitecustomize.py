"""
Python imports this first, in the process that is to become moto.

moto keeps everything that it has ever made, each event of a log and each version of an item, for a page that shows what it has. Nobody
looks at that page here, and a local AWS stays for hours: what moto has deleted is to be gone.
"""

try:
    from moto.core.common_models import BaseModel
except ImportError:
    # A Python that moto is not installed for, such as that of a version manager on the way to the right one.
    pass
else:
    BaseModel.__new__ = lambda cls, *args, **kwargs: super(BaseModel, cls).__new__(cls)
