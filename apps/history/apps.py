from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HistoryConfig(AppConfig):
    name = "apps.history"

    def ready(self):
        autodiscover_modules("kinds")
        autodiscover_modules("subscribers")  # once all kinds are known
