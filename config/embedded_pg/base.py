"""Django's PostgreSQL backend, with the server started on the first connection."""

from functools import cache

from django.db.backends.postgresql import base

from config.embedded_pg.server import Cluster


@cache
def cluster(home, profile):
    """Return the one cluster object of this process for that directory."""
    return Cluster(home, profile)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects through the cluster's socket; `check` or `collectstatic` never start a server."""

    def get_connection_params(self):
        server = cluster(self.settings_dict["CLUSTER"], self.settings_dict["PROFILE"])
        server.ensure()
        self.settings_dict |= {"HOST": str(server.socket_dir), "USER": server.USER}
        return super().get_connection_params()
