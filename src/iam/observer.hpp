#pragma once

#include <string>

#include "aws/call.hpp"
#include "iam/compiled.hpp"
#include "iam/decide.hpp"

namespace stator::iam {

/// One need of a call and how it was judged, while everything that had a say is at hand.
struct Judged {
  const aws::Call& call;
  const Access& access;
  const Context& context;
  const Voices& voices;
  const Outcome& outcome;
  const CompiledEntity* entity;  ///< the caller's user or role; null when there is none
};

/// Learns of every decision about a request, not of simulated ones. Any thread, event loops too.
class DecisionObserver {
 public:
  virtual ~DecisionObserver() = default;
  virtual void allowed(const Judged& judged) = 0;
  /// `sentence` is what the caller is told, or would be: with `is_enforced` false the call goes on.
  virtual void denied(const Judged& judged, const std::string& sentence, bool is_enforced) = 0;
};

}  // namespace stator::iam
