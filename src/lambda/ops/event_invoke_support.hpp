#pragma once

#include <string>

#include "lambda/ops/support.hpp"

/// What the operations on how a function is invoked asynchronously share.
namespace stator::lambda::ops {

/// A function, and the key of FunctionSettings::event_invoke that its qualifier means.
struct EventInvokeTarget {
  FunctionReference reference;
  std::string qualifier;  ///< "$LATEST" where none was given
};
[[nodiscard]] Result<EventInvokeTarget> read_event_invoke_target(const aws::Call& call,
                                                                 const aws::Input& input);

/// Takes MaximumRetryAttempts, MaximumEventAgeInSeconds and DestinationConfig, where the request
/// has them, into `config`. Destinations are functions; what else AWS takes is refused by name.
[[nodiscard]] Result<void> read_event_invoke(Functions& functions, const aws::Call& call,
                                             const aws::Input& input, EventInvokeConfig& config);

/// FunctionEventInvokeConfig as the API answers it.
[[nodiscard]] json::Object render_event_invoke(const FunctionKey& key, std::string_view qualifier,
                                               const EventInvokeConfig& config);

/// ResourceNotFoundException for a configuration that is not there.
[[nodiscard]] Error event_invoke_missing(const EventInvokeTarget& target);

}  // namespace stator::lambda::ops
