#include "lambda/lambda.hpp"

struct Question {
  std::string name{};
};
struct Greeting {
  std::string text{};
};

int main() {
  return lambda::run([](const Question& question) { return Greeting{"hello " + question.name}; });
}
