"""Does a header reach, by its own includes and those of the project's headers that it includes, what it names of the standard
library? Told by its text: a header of the standard library that includes another hides from a compiler what is missing."""

import re

from source import bare_code, includes

# Any of these headers declares the names; a header of the standard library is not counted on to include another.
_CONTAINERS = "array deque map set span string string_view tuple unordered_map unordered_set vector"
_DECLARED = {
    "algorithm": "any_of all_of none_of find_if find_if_not sort stable_sort lower_bound upper_bound binary_search min max clamp "
                 "transform copy fill remove_if unique reverse rotate equal_range lexicographical_compare",
    "array": "array to_array", "atomic": "atomic atomic_bool memory_order memory_order_relaxed memory_order_acquire",
    "charconv": "from_chars to_chars", "chrono": "chrono", "compare": "strong_ordering weak_ordering partial_ordering",
    "condition_variable": "condition_variable condition_variable_any", "coroutine": "coroutine_handle suspend_always",
    "cstdint": "uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t uintptr_t",
    "deque": "deque", "filesystem": "filesystem", "functional": "function reference_wrapper less hash",
    "future": "future promise async", "limits": "numeric_limits", "list": "list",
    "map": "map multimap", "memory": "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this",
    "mutex": "mutex lock_guard unique_lock scoped_lock once_flag call_once", "numeric": "accumulate iota gcd",
    "optional": "optional nullopt", "random": "mt19937_64", "set": "set multiset", "shared_mutex": "shared_mutex shared_lock",
    "span": "span as_bytes", "stdexcept": "runtime_error logic_error invalid_argument out_of_range", "string": "to_string",
    "system_error": "error_code error_category system_error", "thread": "thread this_thread jthread",
    "tuple": "tuple tie make_tuple apply", "type_traits": "is_same_v is_base_of_v conditional_t decay_t remove_cvref_t enable_if_t "
                                                           "invoke_result_t underlying_type_t is_enum_v is_trivially_copyable_v",
    "unordered_map": "unordered_map", "unordered_set": "unordered_set", "variant": "variant visit monostate holds_alternative",
    "vector": "vector",
}
_ALSO = {
    "string": "string", "string_view": "string_view string", "size_t": "cstddef cstdint cstring " + _CONTAINERS,
    "ptrdiff_t": "cstddef iterator " + _CONTAINERS, "byte": "cstddef span", "move": "utility memory optional " + _CONTAINERS,
    "forward": "utility memory functional optional tuple " + _CONTAINERS, "pair": "utility " + _CONTAINERS,
    "initializer_list": "initializer_list " + _CONTAINERS, "exchange": "utility", "declval": "utility type_traits", "swap": "utility",
}
_HEADERS = {name: {header} for header, names in _DECLARED.items() for name in names.split()}
_HEADERS.update({name: set(headers.split()) for name, headers in _ALSO.items()})
_NAME = re.compile(r"\bstd::(\w+)")


def missing(root, headers):
    """[(header, sentence)] of what `headers` name and do not reach."""
    reached = {}

    def of(path):
        """The headers of the standard library that a file of the project reaches."""
        if path not in reached:
            reached[path] = set()  # an include in a circle adds nothing
            for _, included, quoted in includes((root / path).read_text()):
                if quoted and (root / included).exists():
                    reached[path] |= of(included)
                elif not quoted and re.fullmatch(r"[a-z_]+", included):
                    reached[path].add(included)
        return reached[path]

    found = []
    for header in headers:
        for name in sorted(set(_NAME.findall(bare_code((root / header).read_text())))):
            if name in _HEADERS and not _HEADERS[name] & of(header):
                found.append((header, f"names std::{name} and includes no <{'>, <'.join(sorted(_HEADERS[name]))}>"))
    return found
