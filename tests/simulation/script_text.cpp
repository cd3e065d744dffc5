#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tests/simulation/script.h"

namespace daybook::simulation {
namespace {

constexpr std::array<std::pair<Step::Kind, std::string_view>, 8> kSteps = {{{Step::Kind::Facts, "facts"},
                                                                            {Step::Kind::Again, "again"},
                                                                            {Step::Kind::Command, "command"},
                                                                            {Step::Kind::Advance, "advance"},
                                                                            {Step::Kind::Keep, "keep"},
                                                                            {Step::Kind::KeepAll, "keep-all"},
                                                                            {Step::Kind::Fold, "fold"},
                                                                            {Step::Kind::Meanwhile, "meanwhile"}}};

std::string text_of(const Step& step) {
  std::string text;
  for (const auto& [kind, name] : kSteps) {
    if (kind == step.kind) text = name;
  }
  switch (step.kind) {
    case Step::Kind::Facts:
      text += " " + std::to_string(step.first) + " " + std::to_string(step.count) + " " + std::to_string(step.bodies);
      if (step.atomic) text += " atomic";
      break;
    case Step::Kind::Again:
      text += " " + std::to_string(step.count);
      break;
    case Step::Kind::Command:
    case Step::Kind::Advance:
      text += " " + std::to_string(step.first);
      break;
    default:
      break;
  }
  return text;
}

/// op:kind:where:nth:effect[:sticky]; `any` for what does not matter.
std::string text_of(const Rule& rule) {
  std::string text = rule.op ? std::string(name(*rule.op)) : "any";
  text += ":" + (rule.kind ? std::string(name(*rule.kind)) : "any");
  text += rule.views ? (*rule.views ? ":views" : ":ledger") : ":any";
  text += ":" + std::to_string(rule.nth) + ":" + std::string(name(rule.effect));
  return rule.sticky ? text + ":sticky" : text;
}

std::string text_of(const Life& life) {
  std::string text = std::string("life ") + (life.end == Life::End::Close ? "close" : "crash");
  text += " loss=" + std::string(name(life.loss)) + " cut=" + std::to_string(life.cut);
  if (life.rule) text += " rule=" + text_of(*life.rule);
  if (life.room) text += " room=" + std::to_string(*life.room);
  return life.rebuild ? text + " rebuild" : text;
}

template <class Value>
Value need(std::optional<Value> value, const std::string& what) {
  if (!value) throw std::runtime_error("not understood: " + what);
  return *value;
}

Rule parse_rule(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ':');) parts.push_back(part);
  if (parts.size() < 5) throw std::runtime_error("a rule has five parts: " + text);
  Rule rule;
  if (parts[0] != "any") rule.op = need(parse_op(parts[0]), text);
  if (parts[1] != "any") rule.kind = need(parse_kind(parts[1]), text);
  if (parts[2] != "any") rule.views = parts[2] == "views";
  rule.nth = std::stoull(parts[3]);
  rule.effect = need(parse_effect(parts[4]), text);
  rule.sticky = parts.size() > 5;
  return rule;
}

/// `name=value` → value, if it begins so.
std::optional<std::string> value_of(const std::string& word, std::string_view name) {
  if (!word.starts_with(name) || word.size() <= name.size() || word[name.size()] != '=') return std::nullopt;
  return word.substr(name.size() + 1);
}

Life parse_life(std::istringstream& words) {
  Life life;
  for (std::string word; words >> word;) {
    if (word == "close") {
      life.end = Life::End::Close;
    } else if (word == "rebuild") {
      life.rebuild = true;
    } else if (const auto loss = value_of(word, "loss")) {
      life.loss = need(parse_loss(*loss), word);
    } else if (const auto cut = value_of(word, "cut")) {
      life.cut = std::stoull(*cut);
    } else if (const auto rule = value_of(word, "rule")) {
      life.rule = parse_rule(*rule);
    } else if (const auto room = value_of(word, "room")) {
      life.room = std::stoull(*room);
    } else if (word != "crash") {
      throw std::runtime_error("not understood: " + word);
    }
  }
  return life;
}

Setup parse_setup(std::istringstream& words) {
  Setup setup;
  for (std::string word; words >> word;) {
    if (const auto tail = value_of(word, "tail")) {
      setup.tail_keys = std::stoull(*tail);
    } else if (const auto padding = value_of(word, "padding")) {
      setup.padding = std::stoull(*padding);
    } else if (const auto unwritten = value_of(word, "unwritten")) {
      setup.unwritten = std::stoull(*unwritten);
    } else if (word == "raw") {
      setup.raw = true;
    } else if (word == "views") {
      setup.views = true;
    } else {
      throw std::runtime_error("not understood: " + word);
    }
  }
  return setup;
}

Step parse_step(const std::string& name, std::istringstream& words) {
  Step step;
  bool known = false;
  for (const auto& [kind, text] : kSteps) {
    if (text == name) {
      step.kind = kind;
      known = true;
    }
  }
  if (!known) throw std::runtime_error("not understood: " + name);
  switch (step.kind) {
    case Step::Kind::Facts: {
      words >> step.first >> step.count >> step.bodies;
      std::string word;
      step.atomic = static_cast<bool>(words >> word);
      break;
    }
    case Step::Kind::Again:
      words >> step.count;
      break;
    case Step::Kind::Command:
    case Step::Kind::Advance:
      words >> step.first;
      break;
    default:
      break;
  }
  return step;
}

}  // namespace

std::string to_text(const Script& script) {
  const Setup& setup = script.setup;
  std::string text = "setup tail=" + std::to_string(setup.tail_keys) + " padding=" + std::to_string(setup.padding) +
                     " unwritten=" + std::to_string(setup.unwritten);
  if (setup.raw) text += " raw";
  if (setup.views) text += " views";
  text += "\n";
  for (const Life& life : script.lives) {
    text += text_of(life) + "\n";
    for (const Step& step : life.steps) text += "  " + text_of(step) + "\n";
  }
  return text;
}

Script parse_script(const std::string& text) {
  Script script;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    if (!(words >> first) || first.starts_with('#')) continue;
    if (first == "setup") {
      script.setup = parse_setup(words);
    } else if (first == "life") {
      script.lives.push_back(parse_life(words));
    } else if (script.lives.empty()) {
      throw std::runtime_error("a script begins with a life: " + line);
    } else {
      script.lives.back().steps.push_back(parse_step(first, words));
    }
  }
  return script;
}

}  // namespace daybook::simulation
