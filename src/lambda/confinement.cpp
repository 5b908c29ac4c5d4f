#include "lambda/confinement.hpp"

#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

/// "At 1,769 MB, a function has the equivalent of one vCPU" (Lambda Developer Guide, "Configure
/// Lambda function memory").
constexpr std::uint64_t kMegabytesOfOneProcessor = 1'769;

Error not_a_network(const std::string& value) {
  return invalid_parameter(std::string("The tag ") + kNetworkTag +
                           " takes none, internet or host, not '" + value + "'.");
}

}  // namespace

std::string network_tag(const FunctionRecord& function) {
  const auto tag = function.tags.find(kNetworkTag);
  return tag == function.tags.end() ? "" : tag->second;
}

Result<void> check_network_tag(const std::map<std::string, std::string>& tags) {
  const auto tag = tags.find(kNetworkTag);
  if (tag == tags.end() || sandbox::parse_network(tag->second)) return {};
  return not_a_network(tag->second);
}

Result<sandbox::Network> network_of(const FunctionRecord& function,
                                    const Confinement& confinement) {
  const auto tag = function.tags.find(kNetworkTag);
  if (tag == function.tags.end()) return confinement.network;
  const auto network = sandbox::parse_network(tag->second);
  if (!network) return not_a_network(tag->second);
  return *network;
}

Result<void> confine(const FunctionRecord& function, const Confinement& confinement,
                     sandbox::Spec& spec) {
  const auto memory_mb = static_cast<std::uint64_t>(function.memory_mb);
  spec.memory_bytes_max = memory_mb << 20;
  spec.tmp_bytes_max = static_cast<std::uint64_t>(function.ephemeral_mb) << 20;
  spec.cpu_millis = static_cast<std::uint32_t>(memory_mb * 1'000 / kMegabytesOfOneProcessor);
  spec.is_cpu_capped = confinement.is_cpu_capped;
  STATOR_TRY(spec.network, network_of(function, confinement));
  return {};
}

}  // namespace stator::lambda
