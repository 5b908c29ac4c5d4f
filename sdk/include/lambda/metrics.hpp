#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stator/abi_lambda.h"
#include "stator/json.hpp"

namespace lambda {

/// CloudWatch's units of measure, by its own names.
enum class Unit { kNone, kCount, kPercent, kSeconds, kMilliseconds, kMicroseconds, kBytes };

/// Metrics as lines of the log, in CloudWatch's embedded metric format: no call, no waiting. What
/// was put leaves as one line with flush(), at the latest when the object goes.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
class Metrics {
 public:
  explicit Metrics(std::string_view name_space) : namespace_(name_space) {}
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics() { flush(); }

  /// A name and a value that every metric is told apart by; at most 30 of them.
  Metrics& dimension(std::string_view name, std::string_view value) {
    if (dimensions_.size() == kDimensionsMax) throw std::length_error("30 dimensions at most");
    dimensions_.emplace_back(name, value);
    return *this;
  }
  /// What is searched for in the log and makes no metric of its own, like a request's id.
  Metrics& property(std::string_view name, std::string_view value) {
    properties_.emplace_back(name, value);
    return *this;
  }
  /// A value more of that metric. A line that is full (100 metrics, or 100 values) leaves first.
  Metrics& put(std::string_view name, double value, Unit unit = Unit::kNone) {
    if (!std::isfinite(value)) throw std::invalid_argument("a metric is a finite number");
    for (Metric& metric : metrics_) {
      if (metric.name != name) continue;
      if (metric.values.size() == kValuesMax) break;
      metric.values.push_back(value);
      return *this;
    }
    bool is_full = metrics_.size() == kMetricsMax;
    for (const Metric& metric : metrics_) is_full = is_full || metric.name == name;
    if (is_full) write();
    metrics_.push_back({std::string(name), unit, {value}});
    return *this;
  }
  /// Writes the line, if there is anything in it. Dimensions stay, properties do not.
  void flush() {
    write();
    properties_.clear();
  }

 private:
  static constexpr std::size_t kDimensionsMax = 30;
  static constexpr std::size_t kMetricsMax = 100;
  static constexpr std::size_t kValuesMax = 100;

  struct Metric {
    std::string name;
    Unit unit;
    std::vector<double> values;
  };

  static std::string_view unit_name(Unit unit) {
    constexpr std::string_view kNames[] = {"None",         "Count",        "Percent", "Seconds",
                                           "Milliseconds", "Microseconds", "Bytes"};
    return kNames[static_cast<std::size_t>(unit)];
  }

  void write() {
    if (metrics_.empty()) return;
    stator::sdk::JsonWriter json;
    json.begin_object();
    json.key("_aws");
    json.begin_object();
    json.raw_member("Timestamp", stator::sdk::number_text(stator1_now_ms()));
    json.key("CloudWatchMetrics");
    json.begin_array();
    json.begin_object();
    json.member("Namespace", namespace_);
    json.key("Dimensions");
    json.begin_array();
    json.begin_array();
    for (const auto& dimension : dimensions_) json.string(dimension.first);
    json.end_array();
    json.end_array();
    write_definitions(json);
    json.end_object();
    json.end_array();
    json.end_object();
    for (const auto& [name, value] : dimensions_) json.member(name, value);
    for (const auto& [name, value] : properties_) json.member(name, value);
    write_values(json);
    json.end_object();
    metrics_.clear();
    stator1_print_line(stator::sdk::borrow(json.text()));
  }
  void write_definitions(stator::sdk::JsonWriter& json) const {
    json.key("Metrics");
    json.begin_array();
    for (const Metric& metric : metrics_) {
      json.begin_object();
      json.member("Name", metric.name);
      json.member("Unit", unit_name(metric.unit));
      json.end_object();
    }
    json.end_array();
  }
  void write_values(stator::sdk::JsonWriter& json) const {
    for (const Metric& metric : metrics_) {
      json.key(metric.name);
      if (metric.values.size() == 1) {
        json.raw(stator::sdk::number_text(metric.values.front()));
        continue;
      }
      json.begin_array();
      for (const double value : metric.values) json.raw(stator::sdk::number_text(value));
      json.end_array();
    }
  }

  const std::string namespace_;
  std::vector<std::pair<std::string, std::string>> dimensions_, properties_;
  std::vector<Metric> metrics_;
};

}  // namespace lambda
