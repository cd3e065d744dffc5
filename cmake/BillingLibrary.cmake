# The helpers every CMakeLists.txt of the tree uses.
#
#   billing_library(name SOURCES a.cpp … HEADERS a.h … DEPENDS other_layer … [LINK third::party …] [RAW_BYTES])
#     One static library a layer. DEPENDS is the architecture: only what stands there may be included,
#     and tests/architecture reads these lists and fails on an upward include or a cycle. RAW_BYTES: it reads bytes in
#     place, so that every check of UBSan is worth its time.
#
#   billing_test(name SOURCES a_test.cpp … DEPENDS layer … [LINK third::party …] [CALCULATES])
#     One GoogleTest program, its cases registered with ctest as name.Suite.Case. CALCULATES: it runs longer than it
#     compiles, so that optimising it pays in sanitizer builds too.
#
#   billing_program(name SOURCES main.cpp … DEPENDS layer … [LINK third::party …])
#     An executable that is not a test (a bench, the daemon, a fuzz target's driver).
#
#   billing_canary(NAME a.cpp)
#     The file that has the place for a planted bug.
#
# What was declared is written to build/<preset>/architecture/layers.txt, a line a layer:
# `name folder depends,depends`, in the order of declaration.

add_library(billing_warnings INTERFACE)
target_compile_options(billing_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wnull-dereference -Werror)
# Behind the others, so that it has the last word: g++ 12 sees null pointers in its own stream iterators.
add_library(billing_tsan_warnings INTERFACE)
target_compile_options(billing_tsan_warnings INTERFACE -Wno-null-dereference)

define_property(GLOBAL PROPERTY BILLING_LAYERS
  BRIEF_DOCS "Layers in the order they were declared, each as name=folder:depends,depends.")

# Of UBSan's checks four take g++ as long as all others: ASan stops at null pointers too, and the rest is about bytes that
# are read in place.
set(billing_light_checks "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*undefined")
  set(billing_light_checks -fno-sanitize=null,alignment,vptr,object-size)
endif()

# Whether a variable of a test itself is used beyond its scope is not worth a seventh of the time that g++ takes for a test.
# Libraries keep that check, and so does what the end-to-end tests run; inline functions of headers lose it in a test's own copy.
set(billing_test_checks "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*address")
  set(billing_test_checks -fno-sanitize-address-use-after-scope)
endif()

# billing_read_together(name files): so many files are compiled as one, unless DAYBOOK_PRECOMPILE is OFF.
function(billing_read_together name files)
  if(DAYBOOK_PRECOMPILE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
    # g++ takes the file that is read with others for a header, whose classes better had no members of unnamed namespaces.
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

function(billing_library name)
  cmake_parse_arguments(ARG "RAW_BYTES" "" "SOURCES;HEADERS;DEPENDS;LINK" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LINK} PRIVATE billing_warnings)
    if(NOT ARG_RAW_BYTES)
      target_compile_options(${name} PRIVATE ${billing_light_checks})
    endif()
    billing_read_together(${name} 8)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} ${ARG_LINK})
  endif()
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  list(JOIN ARG_DEPENDS "," depends)
  set_property(GLOBAL APPEND PROPERTY BILLING_LAYERS "${name}=${folder}:${depends}")
endfunction()

function(billing_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE $<TARGET_NAME_IF_EXISTS:PkgConfig::JEMALLOC> ${ARG_DEPENDS} ${ARG_LINK}
    billing_warnings)
endfunction()

function(billing_test name)
  cmake_parse_arguments(ARG "CALCULATES" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE DAYBOOK_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LINK} GTest::gmock_main billing_warnings)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*undefined")
    target_compile_options(${name} PRIVATE ${billing_light_checks} ${billing_test_checks})
    if(NOT ARG_CALCULATES)
      target_compile_options(${name} PRIVATE -O0)
    endif()
  endif()
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
    target_link_libraries(${name} PRIVATE billing_tsan_warnings)
  endif()
  billing_read_together(${name} 4)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 600)
endfunction()

# billing_canary(NAME a.cpp): this file has the place for a planted bug (ledger/log/canary.h), and DAYBOOK_CANARY says which
# one is there. No other file is compiled again when it changes.
set(DAYBOOK_CANARY "" CACHE STRING "Plant this bug, to see that the tests notice (tests/canaries)")
if(DAYBOOK_CANARY AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  message(FATAL_ERROR "DAYBOOK_CANARY plants a bug: never in a release")
endif()
function(billing_canary name file)
  if(DAYBOOK_CANARY STREQUAL name)
    set_property(SOURCE ${file} APPEND PROPERTY COMPILE_DEFINITIONS DAYBOOK_CANARY=${name})
  endif()
endfunction()

function(billing_write_layers)
  get_property(layers GLOBAL PROPERTY BILLING_LAYERS)
  set(lines "")
  foreach(layer IN LISTS layers)
    string(REGEX REPLACE "^([^=]+)=([^:]+):(.*)$" "\\1 \\2 \\3" line "${layer}")
    string(APPEND lines "${line}\n")
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/architecture/layers.txt CONTENT "${lines}" @ONLY)
endfunction()
# Deferred to the end of the root list file, when every layer has been declared.
cmake_language(DEFER DIRECTORY ${PROJECT_SOURCE_DIR} CALL billing_write_layers)

include(${CMAKE_CURRENT_LIST_DIR}/Toolchain.cmake)
