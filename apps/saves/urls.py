app_name = "saves"
urlpatterns = []
