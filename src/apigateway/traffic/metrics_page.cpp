#include "apigateway/traffic/metrics_page.hpp"

#include <functional>
#include <numeric>
#include <string_view>

#include <cstdio>

namespace stator::apigateway {
namespace {

/// Whose figures: the inside of the braces.
struct Series {
  std::string labels;
  Figures::Reading figures;
};

std::string label(std::string_view name, std::string_view value) {
  std::string text = std::string(name) + "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text + '"';
}

std::string seconds(std::uint64_t microseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", double(microseconds) / 1e6);
  return text;
}

void append_head(std::string& page, const std::string& name, std::string_view type,
                 std::string_view help) {
  page.append("# HELP ").append(name).append(" ").append(help).append("\n");
  page.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

using Count = std::function<std::uint64_t(const Figures::Reading&)>;

void append_counter(std::string& page, const std::string& name, std::string_view help,
                    const std::vector<Series>& all, const Count& count) {
  append_head(page, name, "counter", help);
  for (const Series& one : all) {
    page.append(name).append("{").append(one.labels).append("} ");
    page.append(std::to_string(count(one.figures))).append("\n");
  }
}

void append_histogram(std::string& page, const std::string& name, const std::string& labels,
                      const Histogram::Reading& reading) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < reading.counts.size(); ++i) {
    count += reading.counts[i];
    const std::string bound = i < kLatencySteps.size()
                                  ? seconds(std::uint64_t(kLatencySteps[i].count()))
                                  : std::string("+Inf");
    page.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
    page.append("\"} ").append(std::to_string(count)).append("\n");
  }
  page.append(name).append("_sum{").append(labels).append("} ");
  page.append(seconds(reading.sum_us)).append("\n");
  page.append(name).append("_count{").append(labels).append("} ");
  page.append(std::to_string(count)).append("\n");
}

/// The metrics of CloudWatch: Count, 4xx, 5xx, Latency, IntegrationLatency, DataProcessed.
void append_all(std::string& page, const std::string& prefix, const std::vector<Series>& all) {
  append_counter(page, prefix + "requests_total", "Requests answered.", all,
                 [](const Figures::Reading& figures) {
                   const auto& counts = figures.latency.counts;
                   return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
                 });
  append_counter(page, prefix + "4xx_total", "Answers with a status of 400 to 499.", all,
                 [](const Figures::Reading& figures) { return figures.client_errors; });
  append_counter(page, prefix + "5xx_total", "Answers with a status of 500 and above.", all,
                 [](const Figures::Reading& figures) { return figures.server_errors; });
  append_counter(page, prefix + "throttled_total", "Requests above a rate limit.", all,
                 [](const Figures::Reading& figures) { return figures.throttled; });
  append_counter(page, prefix + "data_processed_bytes_total", "Bytes of both bodies.", all,
                 [](const Figures::Reading& figures) { return figures.bytes; });
  append_head(page, prefix + "latency_seconds", "histogram", "From request to answer.");
  for (const Series& one : all) {
    append_histogram(page, prefix + "latency_seconds", one.labels, one.figures.latency);
  }
  append_head(page, prefix + "integration_latency_seconds", "histogram",
              "From asking an integration to its answer.");
  for (const Series& one : all) {
    append_histogram(page, prefix + "integration_latency_seconds", one.labels,
                     one.figures.integration_latency);
  }
}

}  // namespace

std::string metrics_page(const std::vector<std::shared_ptr<const CompiledApi>>& apis) {
  std::vector<Series> stages, routes;
  for (const auto& api : apis) {
    for (const auto& [name, stage] : api->stages) {
      const std::string labels = label("api", api->id) + "," + label("stage", name);
      stages.push_back({labels, stage->figures->read()});
      for (const CompiledRoute& route : stage->routes) {
        if (route.traffic.figures == nullptr) continue;
        routes.push_back({labels + "," + label("route", route.key), route.traffic.figures->read()});
      }
    }
  }
  std::string page;
  append_all(page, "stator_apigateway_", stages);
  append_all(page, "stator_apigateway_route_", routes);
  return page;
}

}  // namespace stator::apigateway
