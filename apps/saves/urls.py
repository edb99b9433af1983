"""The save page and a case that was logged."""

from django.urls import path

from apps.saves.views import call, case, commitments, corrections, drafts, prompts, win_back

app_name = "saves"

urlpatterns = [
    path("customers/<int:pk>/saves/new/", call.new, name="new"),
    path("customers/<int:pk>/saves/draft/", drafts.keep, name="keep"),
    path("customers/<int:pk>/saves/prompts/", prompts.prompts, name="prompts"),
    path("saves/drafts/<int:pk>/drop/", drafts.drop, name="drop"),
    path("saves/drafts/<int:pk>/reopen/", drafts.reopen, name="reopen"),
    path("saves/<int:pk>/", case.detail, name="detail"),
    path("saves/<int:pk>/correct/", corrections.correct, name="correct"),
    path("customers/<int:pk>/win-back/", win_back.plan, name="win-back"),
    # What we said we would do.
    path("customers/<int:pk>/commitments/", commitments.of_customer, name="commitments"),
    path("customers/<int:pk>/commitments/new/", commitments.new, name="commitment-new"),
    path("commitments/<int:pk>/", commitments.detail, name="commitment"),
    path("commitments/<int:pk>/keep/", commitments.keep, name="commitment-keep"),
    path("commitments/<int:pk>/waive/", commitments.waive, name="commitment-waive"),
    path("commitments/<int:pk>/move/", commitments.move, name="commitment-move"),
    path("commitments/<int:pk>/reopen/", commitments.reopen, name="commitment-reopen"),
]
