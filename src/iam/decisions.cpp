#include "iam/decisions.hpp"

#include <algorithm>

namespace stator::iam {
namespace {

constexpr std::string_view kPassRole = "iam:PassRole", kPassedTo = "iam:passedtoservice";

}  // namespace

void Decisions::allowed(const Judged& judged) {
  if (judged.entity == nullptr) return;
  std::string_view passed_to;
  if (judged.access.action() == kPassRole) {
    const ConditionValues* services = judged.context.find(kPassedTo);
    if (services != nullptr && services->size() == 1) passed_to = services->front();
  }
  usage_.note({.entity = judged.entity->id,
               .action = judged.access.action(),
               .resource = judged.access.resource(),
               .passed_to = passed_to},
              judged.call.now);
}

void Decisions::denied(const Judged& judged, const std::string& sentence, bool is_enforced) {
  ++(is_enforced ? denials_ : would_be_denials_);
  Denial denial = describe_denial(judged, sentence, is_enforced);
  log(denial);
  {
    const std::lock_guard lock(mutex_);
    if (latest_.size() == kDenialsMax) latest_.pop_front();
    latest_.push_back(denial);
  }
  tell_audit(judged, denial);
}

std::optional<Denial> Decisions::find(std::string_view request_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(latest_.rbegin(), latest_.rend(), [&](const Denial& denial) {
    return denial.request_id == request_id;
  });
  return found == latest_.rend() ? std::nullopt : std::optional(*found);
}

void Decisions::log(const Denial& denial) {
  if (listeners_.logger == nullptr) return;
  std::uint32_t not_logged = 0;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t second = epoch_ms(denial.time) / 1'000;
    if (second != log_second_) {
      log_second_ = second;
      logged_ = 0;
      not_logged = std::exchange(not_logged_, 0);
    }
    if (logged_ == kLinesPerSecondMax) {
      ++not_logged_;
      return;
    }
    ++logged_;
  }
  if (not_logged > 0) {
    listeners_.logger->warn("iam", "denials were too many to be logged",
                            {{"count", std::to_string(not_logged)}});
  }
  listeners_.logger->warn("iam", denial.is_enforced ? "denied" : "would be denied",
                          {{"request_id", denial.request_id},
                           {"message", denial.sentence},
                           {"reason", denial.short_reason()}});
}

void Decisions::tell_audit(const Judged& judged, const Denial& denial) {
  if (listeners_.audit == nullptr) return;
  // The router tells of every call that it refused. A service's own call does not come through it.
  const bool is_service = judged.call.principal.kind == aws::Principal::Kind::kService;
  if (denial.is_enforced && !is_service) return;
  const std::string_view action = denial.action;
  const auto colon = action.find(':');
  listeners_.audit->record(
      {.call = judged.call,
       .service = action.substr(0, colon),
       .operation = colon == std::string_view::npos ? action : action.substr(colon + 1),
       .is_management = false,
       .error_name = denial.is_enforced ? std::string_view("AccessDenied") : std::string_view(),
       .error_message = denial.is_enforced ? std::string_view(denial.sentence) : std::string_view(),
       .would_be_denial =
           denial.is_enforced ? std::string_view() : std::string_view(denial.sentence)});
}

}  // namespace stator::iam
