#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "oidc/issuer_url.hpp"
#include "oidc/key_set.hpp"
#include "oidc/test_provider.hpp"

using namespace stator;
using namespace stator::oidc;

/// Any text is a token or an error, and no text but the provider's own is ever believed: the key is
/// made anew at each start, so that no input can hold its signature. The same bytes are also tried
/// as a payload that the provider signs, as a key set and as an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const KeySet keys = *KeySet::parse(TestProvider::key_set("k1"));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto token = parse_token(text)) {
    if (keys.verify(*token) == Signed::kYes) std::abort();
    (void)read_claims(token->claims);
  }
  if (const auto set = KeySet::parse(text)) {
    const auto own = parse_token(TestProvider::token({{"sub", "x"}}));
    if (set->verify(*own) == Signed::kYes) std::abort();
  }
  if (const auto url = parse_issuer_url(text)) {
    if (url->url() != text || !may_fetch(*url, text)) std::abort();
  }
  if (const auto claims = json::parse_object(text)) {
    const auto token = parse_token(TestProvider::token(*claims));
    if (token && keys.verify(*token) != Signed::kYes) std::abort();
    if (token && read_claims(token->claims)) {
      (void)validity_at(*read_claims(token->claims), from_epoch_ms(0), std::chrono::seconds(1));
    }
  }
  return 0;
}
