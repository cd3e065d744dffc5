#include "ledger/domain/answers/reasons.h"

#include <algorithm>
#include <array>

#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

template <class Key>
struct Entry {
  Key key;
  std::string_view en;
  std::string_view nl;
};

// clang-format off
constexpr auto kReasons = std::to_array<Entry<MissingReason>>({
    {MissingReason::CSP_CUSTOMER,
     "Usage and invoices come from your partner.",
     "Gebruik en facturen krijgt u van uw partner."},
    {MissingReason::EA_NOT_IN_PORTAL,
     "Invoices are sent to whoever is set up to receive them for the enrollment.",
     "Facturen worden gestuurd naar degene die is ingesteld voor ontvangst voor de inschrijving."},
    {MissingReason::OTHER_ACCOUNT,
     "We can't display your invoices. Please try again",
     "We can't display your invoices. Please try again"},
    {MissingReason::OTHER_IDENTITY,
     "You have access through a different identity; sign in with the right one.",
     "U hebt toegang met een andere identiteit; meld u aan met de juiste."},
    {MissingReason::WRONG_TENANT,
     "You're signed in to the wrong directory: choose your e-mail address, then Switch directory, and pick one under All directories.",
     "U bent aangemeld bij de verkeerde directory: kies uw e-mailadres, dan Schakelen tussen directory's, en kies er een onder Alle directory's."},
    {MissingReason::NO_PERMISSION_MCA,
     "You don't have permission to view invoices.",
     "U hebt geen toestemming om facturen te bekijken."},
    {MissingReason::NO_PERMISSION_NOT_AA,
     "You might not see invoices if you aren't the account administrator.",
     "Mogelijk ziet u geen facturen als u niet de accountbeheerder bent."},
    {MissingReason::NONE,
     "The invoice is available.",
     "De factuur is beschikbaar."},
    {MissingReason::USAGE_FILE_NOT_READY,
     "Your usage and charges file is not ready",
     "Uw bestand met gebruik en kosten is nog niet gereed"},
    {MissingReason::TOO_NEW,
     "It's less than {days} days since you subscribed to {product}.",
     "Het is minder dan {days} dagen geleden dat u zich op {product} hebt geabonneerd."},
    {MissingReason::NOT_GENERATED_YET,
     "The invoice isn't generated yet; wait until the end of the billing period.",
     "De factuur is nog niet gegenereerd; wacht tot het einde van de factureringsperiode."},
    {MissingReason::PREPAID_OFFER,
     "This subscription is paid for with a prepaid key from your reseller; billing and usage are described on the offer's page.",
     "Dit abonnement is betaald met een vooruitbetaalde sleutel van uw wederverkoper; facturering en gebruik staan beschreven op de pagina van de aanbieding."},
    {MissingReason::WITHIN_CREDIT,
     "You only get an invoice when you exceed the monthly credit.",
     "U krijgt alleen een factuur wanneer u het maandelijkse tegoed overschrijdt."},
    {MissingReason::NO_USAGE,
     "Not available: there's no usage for the billing period.",
     "Niet beschikbaar: er is geen gebruik in de factureringsperiode."},
    {MissingReason::NOTHING_OWED,
     "There was usage in the period, but nothing is owed for it.",
     "Er was gebruik in de periode, maar u bent er niets voor verschuldigd."},
});

constexpr auto kNotices = std::to_array<Entry<Notice>>({
    {Notice::ViewChargesOff,
     "Charges are not shown here; an administrator of the enrollment can switch this view on.",
     "Kosten worden hier niet weergegeven; een beheerder van de inschrijving kan deze weergave inschakelen."},
});
// clang-format on

template <class Table, class Key>
std::string_view find(const Table& table, Key key, Language language) {
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const Entry<Key>& each) { return each.key == key; });
  LEDGER_INVARIANT(found != table.end());
  return language == Language::nl ? found->nl : found->en;
}

}  // namespace

std::string_view message_of(MissingReason reason, Language language) {
  return find(kReasons, reason, language);
}

std::string message_in(const StateReader& state, MissingReason reason, Language language) {
  std::string text(message_of(reason, language));
  const auto put = [&](std::string_view place, std::string_view word) {
    const std::size_t at = text.find(place);
    if (at == std::string::npos) return;
    // An empty word goes with the blank before it.
    if (word.empty() && at > 0 && text[at - 1] == ' ') {
      text.erase(at - 1, place.size() + 1);
    } else {
      text.replace(at, place.size(), word);
    }
  };
  put("{days}", std::to_string(state.policies().number("reasons.newForDays")));
  put("{product}", state.provider().product());
  return text;
}

std::string_view message_of(Notice notice, Language language) {
  return find(kNotices, notice, language);
}

Language language_of(const StateReader& state, const Viewer& viewer) {
  const Identity* person = viewer.identity ? state.identity(*viewer.identity) : nullptr;
  return person != nullptr ? person->language.value_or(Language::en) : Language::en;
}

}  // namespace daybook
