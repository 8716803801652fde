"""An entry need not know its transaction: what lies in no seal is pending, whenever it was committed.

The horizon of running transactions counts those of every database of a server, so that one idle session elsewhere
could hold up the seals.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("record", "0004_access_and_heads_guards")]

    operations = [migrations.RemoveField(model_name="entry", name="transaction")]
