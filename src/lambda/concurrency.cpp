#include "lambda/concurrency.hpp"

#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

std::int64_t set_aside_by(const ConcurrencyLimits& limits) {
  if (limits.reserved) return *limits.reserved;
  std::int64_t sum = 0;
  for (const auto& [version, count] : limits.provisioned) sum += count;
  return sum;
}

}  // namespace

Concurrency::Account& Concurrency::account_of(const FunctionKeyView& key) {
  return accounts_[{std::string(key.account), std::string(key.region)}];
}

std::shared_ptr<Concurrency::Function> Concurrency::function_of(const FunctionKeyView& key) {
  const auto found = functions_.find(key);
  if (found != functions_.end()) {
    found->second->is_gone = false;
    return found->second;
  }
  auto function = std::make_shared<Function>();
  function->key = {std::string(key.account), std::string(key.region), std::string(key.name)};
  functions_[function->key] = function;
  return function;
}

void Concurrency::erase_if_unused(const Function& function) {
  if (!function.is_gone || function.running > 0) return;
  const auto found = functions_.find(function.key);
  if (found != functions_.end() && found->second.get() == &function) functions_.erase(found);
}

Result<Concurrency::Ticket> Concurrency::enter(const FunctionKeyView& key,
                                               std::string_view version) {
  const std::lock_guard lock(mutex_);
  Ticket ticket{function_of(key), nullptr};
  Function& function = *ticket.function;
  if (function.limits.reserved) {
    if (function.running >= *function.limits.reserved) {
      return too_many_requests("ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    ++function.running;
    return ticket;
  }
  const auto provisioned = function.limits.provisioned.find(version);
  if (provisioned != function.limits.provisioned.end()) {
    std::int64_t& inside = function.in_provisioned[provisioned->first];
    if (inside < provisioned->second) ticket.share = &inside;
  }
  if (ticket.share == nullptr) {
    Account& account = account_of(key);
    if (account.running >= account_max_ - account.set_aside) {
      return too_many_requests("ConcurrentInvocationLimitExceeded");
    }
    ticket.share = &account.running;
  }
  ++*ticket.share;
  ++function.running;
  return ticket;
}

void Concurrency::leave(const Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  if (ticket.share != nullptr) --*ticket.share;
  --ticket.function->running;
  erase_if_unused(*ticket.function);
}

void Concurrency::set(const FunctionKeyView& key, ConcurrencyLimits limits) {
  const std::lock_guard lock(mutex_);
  const auto function = function_of(key);
  account_of(key).set_aside += set_aside_by(limits) - set_aside_by(function->limits);
  function->limits = std::move(limits);
}

void Concurrency::forget(const FunctionKeyView& key) {
  const std::lock_guard lock(mutex_);
  const auto found = functions_.find(key);
  if (found == functions_.end()) return;
  const auto function = found->second;
  account_of(key).set_aside -= set_aside_by(function->limits);
  function->limits = {};
  function->is_gone = true;
  erase_if_unused(*function);
}

std::int64_t Concurrency::running(const FunctionKeyView& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = functions_.find(key);
  return found == functions_.end() ? 0 : found->second->running;
}

}  // namespace stator::lambda
