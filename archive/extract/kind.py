from archive.extract.page import Page


def judge(page, hint, words):
    return "article"
