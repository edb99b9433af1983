"""What the demo's customers say, and what colleagues note about them."""

# By category, as the list of reasons names it; a customer's words fit every reason in it.
VERBATIMS = {
    "Price": [
        "The renewal came in {rise} higher, and half of our bookings still come by phone.",
        "We are paying for more seats than we use. I can get something simpler for half of it.",
        "It was fine when we were growing. This year every line of the budget gets questioned.",
        "The last bill had things on it that nobody told us about.",
        "I like it, I just can’t explain the price to my partner any more.",
        "Nobody said the yearly price would go up. I found out from the card statement.",
    ],
    "Missing feature": [
        "We need deposits for Saturday slots and it still can’t do that.",
        "I asked about a waiting list in spring. Somebody said soon. It is not there.",
        "Two rooms, one calendar. We keep double booking the small one.",
        "Without group bookings I do the schools by hand, every single week.",
        "Our accountant wants an export that fits her software and there is none.",
    ],
    "Support": [
        "I wrote three times and got three different answers.",
        "Forty minutes on hold on a Friday, with a full waiting room.",
        "Your colleague was kind but could not do anything, and nobody called back.",
        "Every time I explain it all again from the start.",
        "The ticket was closed without anybody asking me whether it works.",
    ],
    "Reliability": [
        "Reminders went out at four in the morning. Twice.",
        "On Saturday the booking page was down for an hour. That is our best hour.",
        "The app signs my reception out in the middle of a booking.",
        "Since the last update it is so slow that we write things on paper first.",
        "The card reader and the calendar disagree about who has paid.",
    ],
    "Competitor": [
        "{competitor} showed us a demo and it does the same for less.",
        "Our sister shop moved to {competitor} and they keep telling us how easy it is.",
        "{competitor} offered to move all our data for free.",
        "I had already signed up for a month of {competitor} to compare.",
    ],
    "Business change": [
        "We are closing the second site at the end of the lease.",
        "I am retiring, and the buyer brings her own system.",
        "We are merging with another practice and they picked theirs.",
        "From winter we only open at weekends, so a wall calendar will do.",
        "My business partner left and I don’t know yet whether I go on.",
    ],
    "Not using it": [
        "Honestly, we log in to look at the calendar and that is all.",
        "Only one of us ever learned it, and she left in March.",
        "We went back to paper in the busy weeks and never came back.",
        "Half of the team still keeps its own diary.",
        "I pay for it every month and could not tell you what for.",
    ],
    "Getting started": [
        "We never got past the import. The old customers are still in a spreadsheet.",
        "The set-up call was moved twice and then it was summer.",
        "I watched the videos, but our opening hours are more complicated than that.",
        "Three weeks in and the team still can’t see each other’s bookings.",
    ],
    "Not feeling valued": [
        "Five years with you, and new customers get the better price.",
        "I only ever hear from you when there is something to pay.",
        "We sent a list of ideas and got a form letter back.",
        "I don’t think anybody there knows who we are.",
    ],
}
ANY = [
    "It is a bit of everything. It used to feel easier.",
    "I have thought about it for a while now. It just doesn’t fit us any more.",
    "My staff asked me to look for something else.",
]
AFTER = {
    "stayed": [
        *("", "", " Let’s see how the next weeks go.", " If that gets fixed we are happy to stay."),
        *(" Thank you for listening, that helps.", " All right, we will give it another go."),
    ],
    "left": [
        *("", "", " My mind is made up.", " Please just tell me when it ends."),
        *(" Nothing against you personally.", " We have signed elsewhere already."),
    ],
    "undecided": [
        *("", " I need to talk to my partner first.", " Call me when the books are done."),
        *(" Give me a few days.",),
    ],
}

NOTES = [
    "{who} prefers calls before ten, when the desk is quiet.",
    "Sent {who} the guide on reminders. They want to try text messages next month.",
    "{who} asked how to pause one seat over the summer. Explained it, no change for now.",
    "Quarterly call with {who}. Bookings are up, the Friday gaps are the topic.",
    "The invoice goes to the bookkeeper from now on, not to {who}.",
    "{who} would speak about us at a local meet-up. Ask again in autumn.",
    "Checked the late reminders: wrong zone on the second site. Corrected together with {who}.",
    "New reception staff start on Monday. {who} wants a short training for two people.",
    "{who} was surprised by the change of the card fee. Sent the announcement again.",
    "Left a voicemail for {who}. Will try again tomorrow.",
    "{who} loves the waiting list. Good example for other customers of this size.",
    "Opened the cancel page twice this week. Worth a call before the renewal.",
    "Logins are down by a third since the holidays. {who} says it is the season.",
    "{who} mentioned that a competitor left a leaflet. No plans to change.",
    "Walked through the reports with {who}. They now look at no-shows every Monday.",
    "They plan a second site next year. {who} will want one calendar for both.",
    "{who} is on leave until the end of the month. Their deputy decides nothing on price.",
    "Answered the question about data protection, with our agreement attached.",
    "The old customer list is imported now. {who} checked fifty names, all fine.",
    "{who} asked for an export for their accountant. Showed where it is.",
    "Short call: all is well, nothing open.",
    "They won a local award. Sent {who} a card.",
    "Card on file expired. {who} put in a new one while we talked.",
    "{who} wants to hear about product news by e-mail only, twice a year is enough.",
]

WHY_STAGE = {
    "wandering_eye": ["Asked for the contract’s end date", "Logins down by a third", ""],
    "test_drive": ["Tries another product", "Mentioned a trial elsewhere", ""],
    "retention": ["Quarter after the save was calm", "Settled again", ""],
}
SOURCES = ["On a call", "Sign-up form", "Contract", "Reply to an e-mail", "At the trade fair"]
COMPETITORS = ["Rampart Booking", "Slotwise", "Belay Desk", "Calendro", "Turnstile Pro", "Nookly"]
