from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TasksConfig(AppConfig):
    name = "apps.tasks"

    def ready(self):
        autodiscover_modules("origins", "summary")
