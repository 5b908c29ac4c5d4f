#include "dynamodb/throttle.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

double seconds(SteadyTime::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

UnitBucket::UnitBucket(std::int64_t units_per_s, SteadyTime now)
    : units_per_s_(static_cast<double>(units_per_s)), units_(units_per_s_), filled_(now) {}

void UnitBucket::refill(SteadyTime now) {
  if (now > filled_) units_ += units_per_s_ * seconds(now - filled_);
  filled_ = std::max(filled_, now);
  units_ = std::min(units_, units_per_s_ * seconds(kBurst));
}

void UnitBucket::set_rate(std::int64_t units_per_s, SteadyTime now) {
  if (static_cast<double>(units_per_s) == units_per_s_) return;
  refill(now);
  units_per_s_ = static_cast<double>(units_per_s);
}

bool UnitBucket::has_any(SteadyTime now) {
  refill(now);
  return units_ > 0;
}

void UnitBucket::take(double units, SteadyTime now) {
  refill(now);
  units_ -= units;
}

Throttle::Buckets& Throttle::buckets(const Table& table, const Index* index) {
  const bool is_own = index != nullptr && index->is_global;
  const Throughput& rate = is_own ? index->provisioned : table.provisioned;
  const SteadyTime now = clock_.steady();
  const auto [at, is_new] = buckets_.try_emplace(
      is_own ? index->id : table.id,
      Buckets{UnitBucket(rate.read_units, now), UnitBucket(rate.write_units, now)});
  if (!is_new) {
    at->second.read.set_rate(rate.read_units, now);
    at->second.write.set_rate(rate.write_units, now);
  }
  return at->second;
}

Result<void> Throttle::admit_read(const Table& table, const Index* index) {
  if (!applies(table)) return {};
  const std::scoped_lock lock(mutex_);
  if (buckets(table, index).read.has_any(clock_.steady())) return {};
  return index != nullptr && index->is_global ? index_throughput_exceeded() : throughput_exceeded();
}

Result<void> Throttle::admit_write(const Table& table) {
  if (!applies(table)) return {};
  const std::scoped_lock lock(mutex_);
  if (!buckets(table, nullptr).write.has_any(clock_.steady())) return throughput_exceeded();
  for (const Index& index : table.indexes) {
    if (!index.is_global) continue;
    if (!buckets(table, &index).write.has_any(clock_.steady())) return index_throughput_exceeded();
  }
  return {};
}

void Throttle::charge_read(const Table& table, const ConsumedCapacity& consumed) {
  charge(table, consumed, &Buckets::read);
}

void Throttle::charge_write(const Table& table, const ConsumedCapacity& consumed) {
  charge(table, consumed, &Buckets::write);
}

void Throttle::charge(const Table& table, const ConsumedCapacity& consumed,
                      UnitBucket Buckets::*bucket) {
  if (!applies(table)) return;
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  double own = consumed.table;
  for (const auto& [name, units] : consumed.local) own += units;
  (buckets(table, nullptr).*bucket).take(own, now);
  for (const auto& [name, units] : consumed.global) {
    const Index* index = table.find_index(name);
    if (index != nullptr) (buckets(table, index).*bucket).take(units, now);
  }
}

void Throttle::forget(TableId id) {
  const std::scoped_lock lock(mutex_);
  buckets_.erase(id);
}

}  // namespace stator::dynamodb
